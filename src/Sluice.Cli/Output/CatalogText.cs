using Sluice.Engine.Catalog;
using Sluice.Writes.Operations;

namespace Sluice.Cli.Output;

/// <summary>The catalog for a terminal.</summary>
internal static class CatalogText
{
    public static string List(IReadOnlyList<Resource> resources, int? width)
    {
        var table = new TextTable("table", "primary key", "cursor", "strategy", "what a row is");
        foreach (var resource in resources)
        {
            table.Add(
                CatalogWords.Name(resource), string.Join(", ", resource.PrimaryKey), resource.CursorColumn ?? "-", CatalogWords.Strategy(resource),
                CatalogWords.FirstSentence(resource.Doc));
        }

        var list = table.Within(width, "cursor", "strategy", "primary key");
        return $"{list}\nPeriods of metrics: hours, days, weeks, months. 'sluice tables NAME' shows a table's columns.\n{VendorWords.Note}\n";
    }

    public static string Describe(Resource resource, int? width)
    {
        var members = CatalogWords.Members(resource) is { } with ? $"\n{with}\n{Columns(resource.Flatten!.Columns, width)}" : "";
        var observed = resource.Observed is { } rule
            ? $"\n{CatalogWords.Observed(rule)}\n{Columns([.. rule.Columns, ObservationRule.ObservedAt], width)}"
            : "";
        var facts = CatalogWords.Facts(resource).Select(fact => $"{fact.Name}: {fact.Value}\n");
        var notes = resource.Notes.Select(note => $"- {note}\n");
        return $"{CatalogWords.Name(resource)}\n{resource.Doc}\n\n{string.Concat(facts)}\n{string.Concat(notes)}{Options(resource, width)}\n"
            + $"{Columns(resource.Columns, width)}{members}{observed}{Writes(resource, width)}";
    }

    private static string Columns(IReadOnlyList<Column> described, int? width)
    {
        var columns = new TextTable("column", "type", "what it means");
        foreach (var column in described)
        {
            columns.Add(column.Name, CatalogWords.Type(column.Type), column.Doc);
        }

        return columns.Within(width);
    }

    private static string Writes(Resource resource, int? width)
    {
        if (TableWritesCatalog.Find(resource.Name) is not { } writes)
        {
            return "";
        }

        var fields = new TextTable("can be set", "by", "what to know");
        foreach (var field in writes.Fields.Where(field => field.On.Count > 0))
        {
            fields.Add(field.Name, string.Join(", ", field.On.Select(verb => verb.ToUpperInvariant())), field.Limits);
        }

        var undone = writes.Calls.Select(call => $"{call.Key.ToUpperInvariant()} can't undo: {call.Value.Undone}\n");
        return $"\n{fields.Within(width)}\n{string.Concat(undone)}";
    }

    private static string Options(Resource resource, int? width)
    {
        var known = ResourceCatalog.Default.OptionsOf(resource);
        var options = new TextTable("option", "takes", "what it does");
        foreach (var option in known)
        {
            options.Add(option.Name, CatalogWords.Takes(option), option.Doc);
        }

        return known.Count == 0 ? "" : $"\n{options.Within(width)}";
    }
}

/// <summary>Descriptions of catalog entries.</summary>
internal static class CatalogWords
{
    public static string Name(Resource resource) => resource.TakesPeriod ? $"{resource.Name}:PERIOD" : resource.Name;

    public static string Strategy(Resource resource) => resource.DefaultStrategy.ToString().ToLowerInvariant();

    /// <summary>The first sentence, or what stands before its colon or semicolon; a dot within a word, as in Customer.io, ends none.</summary>
    public static string FirstSentence(string text)
    {
        for (var end = 1; end < text.Length; end++)
        {
            if (text[end] is ':' or '.' or ';' && (end + 1 == text.Length || char.IsWhiteSpace(text[end + 1])))
            {
                return text[..end];
            }
        }

        return text;
    }

    public static string Type(ColumnType type) => type switch
    {
        ColumnType.Bigint => "BIGINT",
        ColumnType.Double => "DOUBLE",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Text => "VARCHAR",
        ColumnType.UnixTime or ColumnType.Timestamp => "TIMESTAMPTZ",
        ColumnType.Json => "JSON",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>What the columns are for that members of an object can become; null when the catalog knows of none.</summary>
    public static string? Members(Resource resource) =>
        resource.Flatten is { Columns.Count: > 0 } rule ? $"With --flatten {rule.Field} (flatten: {rule.Field}) also, beside {rule.Field}:" : null;

    /// <summary>What becomes of each whole reading.</summary>
    public static string Observed(ObservationRule rule) => $"Each whole reading is appended to {rule.Table}. {rule.Doc}";

    /// <summary>What an option takes.</summary>
    public static string Takes(ResourceOption option) => option.Kind switch
    {
        OptionKind.Choice => $"{(option.Many ? "any of" : "one of")} {string.Join(", ", option.Values)}",
        OptionKind.Flag => "true or false",
        OptionKind.Number => "a whole number",
        OptionKind.Steps => "a number of periods",
        OptionKind.Time => "a day or time",
        OptionKind.TimeZone => "a time zone",
        OptionKind.PeopleFilter => "JSON",
        OptionKind.Segments => "ids or names of segments",
        _ => option.Many ? "texts" : "a text",
    };

    /// <summary>The facts about a table.</summary>
    public static IEnumerable<(string Name, string Value)> Facts(Resource resource)
    {
        yield return ("Primary key", string.Join(", ", resource.PrimaryKey));
        yield return ("Strategy", Strategy(resource));
        yield return ("Incremental", Incremental(resource));
        yield return ("Endpoint", $"{resource.Method} {resource.Path}");
        if (resource.SharedWith is { } other)
        {
            yield return ("Read together with", $"{other}: one read serves both tables");
        }
        else if (resource.Parent is { } parent)
        {
            yield return ("Read for every row of", parent.Resource);
        }

        if (resource.Within is { } whole)
        {
            yield return ("All of its rows are in", $"{whole}, so that all leaves it out");
        }

        if (resource.Aliases.Count > 0)
        {
            yield return ("Also found as", string.Join(", ", resource.Aliases));
        }

        if (TableWritesCatalog.Find(resource.Name) is { } writes)
        {
            yield return ("Changed by", string.Join(", ", writes.Calls.Select(call => $"{call.Key.ToUpperInvariant()} ({call.Value.Text})")));
        }

        yield return ("Reference", resource.DocsUrl);
    }

    private static string Incremental(Resource resource) => resource switch
    {
        { CursorFilter: CursorFilter.Server, Window: { } window } => $"by {window.Column}; Customer.io gives only the interval",
        { CursorFilter: CursorFilter.Server } => $"by {resource.CursorColumn ?? "the interval"}; Customer.io gives only the interval",
        { CursorColumn: { } cursor } => $"by {cursor}; everything is read and rows outside the interval are left out",
        _ => "no; the whole table is read",
    };
}
