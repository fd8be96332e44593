using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;

namespace Sluice.Settings;

/// <summary>A name of a column or field that a setting was given.</summary>
/// <param name="Key">The setting.</param>
/// <param name="Name">The name.</param>
/// <param name="Kind">What it can be the name of.</param>
internal sealed record GivenName(SettingKey Key, string Name, NameKind Kind)
{
    private const char MayBeAbsent = '?';

    /// <summary>The name itself: a question mark at its end says that records may lack it.</summary>
    public static string Of(string word) => word.Trim() is [.. var name, MayBeAbsent] && name.Length > 0 ? name : word.Trim();

    /// <summary>The names that must be known, of words such as <c>plan?:text</c>.</summary>
    /// <param name="said">The setting and its words.</param>
    /// <param name="kind">What the names can be of.</param>
    /// <param name="nameIn">Gives the part of a word that is the name; null for all of it.</param>
    public static IEnumerable<GivenName> Required(Said said, NameKind kind, Func<string, string>? nameIn = null) =>
        from word in said.List
        let name = (nameIn?.Invoke(word) ?? word).Trim()
        where name.Length > 0 && name == Of(name)
        select new GivenName(said.Key, name, kind);
}

/// <summary>Finds the names that the catalog does not know: the destination is asked for them before Customer.io is asked for anything.</summary>
internal static class ColumnNames
{
    private static readonly string[] OfSluice = ["_sluice_loaded_at", "_sluice_run_id", "_sluice_deleted_at", "_extra", WorkspaceColumn.Name];

    // One list of masks can be for many runs, each of some tables.
    private static readonly Lazy<HashSet<string>> OfAnyTable =
        new(() => ResourceCatalog.Default.Resources.SelectMany(Fields).ToHashSet(StringComparer.OrdinalIgnoreCase));

    /// <summary>The names that none of some tables has by the catalog, and of fields none of all tables.</summary>
    /// <param name="names">The names.</param>
    /// <param name="jobs">The tables they are said of, with the catalog's names yet.</param>
    /// <param name="settingOf">Gives what names one, for errors.</param>
    public static IReadOnlyList<NamedColumn> Unknown(
        IEnumerable<GivenName> names, IReadOnlyList<TableJob> jobs, Func<GivenName, string> settingOf)
    {
        var unknown = new List<NamedColumn>();
        foreach (var given in names.Distinct())
        {
            // Members can't be known by the catalog.
            var objects = jobs.Select(job => OpenObject(given, job)).ToList();
            var known = jobs.SelectMany(job => given.Kind == NameKind.Field ? Fields(job) : Columns(job)).ToHashSet(StringComparer.Ordinal);
            if (!IsKnown(given, known) && !IsMember(given, jobs))
            {
                unknown.Add(
                    new NamedColumn
                    {
                        Setting = settingOf(given),
                        Name = given.Kind == NameKind.Member ? $"{objects.FirstOrDefault(one => one is not null)}.{given.Name}" : given.Name,
                        Kind = given.Kind,
                        OpenObject = objects.FirstOrDefault(one => one is not null),
                        Sources = [.. jobs.Select(job => job.Source).Distinct()],
                        Known = [.. known.Order(StringComparer.Ordinal)],
                    });
            }
        }

        return unknown;
    }

    private static bool IsKnown(GivenName given, HashSet<string> known) => given.Kind switch
    {
        NameKind.Column => known.Contains(given.Name),
        NameKind.Field => known.Contains(given.Name, StringComparer.OrdinalIgnoreCase) || OfAnyTable.Value.Contains(given.Name),
        _ => given.Name == FlattenReader.All,
    };

    // Of an object whose members the catalog knows, a wrong name has been told already.
    private static bool IsMember(GivenName given, IReadOnlyList<TableJob> jobs) =>
        given.Kind == NameKind.Member
        && jobs.Any(job => job.Resource.Flatten is { Columns.Count: > 0 } rule
            && (given.Name == rule.Field || rule.Columns.Any(column => rule.MemberOf(column) == given.Name)));

    private static IEnumerable<string> Columns(TableJob job)
    {
        var resource = job.Resource;
        return
        [
            .. resource.Columns.Select(column => column.Name),
            .. resource.Parent?.Columns.Keys ?? [],
            .. resource.Variants.SelectMany(variant => variant.Columns.Keys),
            .. job.Flattening is { } flattening ? flattening.Only.Select(member => flattening.ColumnOf(flattening.FieldOf(member))!) : [],
            .. Exported(job),
            .. OfSluice,
        ];
    }

    // What is hidden is hidden in the lists that lead to a table, too.
    private static IEnumerable<string> Fields(TableJob job)
    {
        var names = new List<string>([.. Columns(job), .. job.Flattening?.Only ?? []]);
        for (var resource = job.Resource; resource is not null; resource = ResourceCatalog.Default.Find(resource.Parent?.Resource ?? ""))
        {
            names.AddRange(Fields(resource));
        }

        return names;
    }

    private static IEnumerable<string> Fields(Resource resource)
    {
        var paths = resource.Columns.SelectMany(column => column.Sources).ToList();
        return [.. resource.Columns.Select(column => column.Name), .. paths, .. paths.SelectMany(path => path.Split('.'))];
    }

    // The columns of an export's file are those that were asked for, beside the catalog's.
    private static IEnumerable<string> Exported(TableJob job) =>
        job.Resource.Reading == ReadingKind.Export && job.Resource.ExportForm == ExportForm.Table ? job.Options.All("attributes") : [];

    private static string? OpenObject(GivenName given, TableJob job)
    {
        if (given.Kind == NameKind.Member)
        {
            return job.Resource.Flatten is { Columns.Count: 0 } rule ? rule.Field : null;
        }

        var dot = given.Name.IndexOf('.', StringComparison.Ordinal);
        var field = dot < 0 ? "" : given.Name[..dot];
        return given.Kind == NameKind.Field
            && job.Resource.Columns.Any(column =>
                column.Type == ColumnType.Json && column.Name.Equals(field, StringComparison.OrdinalIgnoreCase))
            ? field
            : null;
    }
}
