using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Checks what a user said about how a table is asked for against what the catalog says that it takes.</summary>
/// <param name="table">The table.</param>
/// <param name="mistakes">Takes what is wrong.</param>
internal sealed class OptionReader(TableName table, ValidationErrors mistakes)
{
    private readonly IReadOnlyList<ResourceOption> _known = ResourceCatalog.Default.OptionsOf(ResourceOf(table));

    /// <summary>
    /// Reads the options of the table: one that was said without a table's name is for every table that takes it, one with a name for that table.
    /// </summary>
    public OptionValues Read(IReadOnlyDictionary<string, IReadOnlyList<string>> words)
    {
        var values = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        foreach (var (word, said) in words)
        {
            var (of, name) = OptionWords.Split(word);
            var option = _known.FirstOrDefault(option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (option is not null && (of is null || IsOf(of, table)))
            {
                values.Add(new(option.Name, ReadOne(option, said)));
            }
            else if (of is not null && IsOf(of, table))
            {
                Refuse(
                    name,
                    $"{table} has no option '{name}'.",
                    _known.Count == 0 ? "It takes none." : Suggestion.For(name, Names(_known)) ?? $"It takes {string.Join(", ", Names(_known))}.");
            }
        }

        var options = new OptionValues(values);
        CheckExport(ResourceOf(table), options);
        return options;
    }

    /// <summary>Notes options that no table takes.</summary>
    public static void NoteUnused(
        IReadOnlyList<TableName> tables, IReadOnlyDictionary<string, IReadOnlyList<string>> words, ValidationErrors mistakes)
    {
        var known = Names(tables.SelectMany(name => ResourceCatalog.Default.OptionsOf(ResourceOf(name)))).Distinct(StringComparer.Ordinal).ToList();
        foreach (var option in words.Keys)
        {
            var (of, name) = OptionWords.Split(option);
            if (of is not null && !tables.Any(table => IsOf(of, table)))
            {
                mistakes.Add(
                    IngestSettings.Options, $"The option '{option}' is for a table that is not read.", $"Read are {string.Join(", ", tables)}.");
            }
            else if (of is null && tables.Count > 0 && !known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                mistakes.Add(
                    IngestSettings.Options,
                    $"None of the tables has an option '{option}'.",
                    known.Count == 0 ? "They take none." : Suggestion.For(option, known) ?? $"They take {string.Join(", ", known)}.");
            }
        }
    }

    private static Resource ResourceOf(TableName table) => ResourceCatalog.Default.Find(table.Resource)!;

    private static IEnumerable<string> Names(IEnumerable<ResourceOption> options) => options.Select(option => option.Name);

    private static bool IsOf(string name, TableName table) =>
        name.Equals(table.ToString(), StringComparison.OrdinalIgnoreCase) || ResourceCatalog.Default.Find(name)?.Name == table.Resource;

    private void Refuse(string option, string problem, string? fix = null) => mistakes.Add(IngestSettings.Options, problem, fix, option);

    private IReadOnlyList<string> ReadOne(ResourceOption option, IReadOnlyList<string> said)
    {
        var words = option.Kind == OptionKind.PeopleFilter ? said : [.. ColumnChoice.Names(said).Distinct(StringComparer.Ordinal)];
        if (words.Count > 1 && !option.Many)
        {
            Refuse(option.Name, $"{table}: {option.Name} takes one value: '{string.Join(", ", words)}'.", "Give one.");
        }

        return [.. words.Select(word => Value(option, word.Trim())).OfType<string>()];
    }

    private string? Value(ResourceOption option, string word) => option.Kind switch
    {
        OptionKind.Choice => Choice(option, word),
        OptionKind.Flag => Flag(option, word),
        OptionKind.Number => Number(option, word),
        OptionKind.Steps => Steps(option, word),
        OptionKind.Ids => word.Equals("all", StringComparison.OrdinalIgnoreCase) ? "all" : Number(option, word),
        OptionKind.TimeZone => Text(option, (name, found) => TimeZoneText.Read(name, word, found)),
        OptionKind.Time => Text(option, (name, found) => Seconds(IntervalText.Instant(name, word, found)?.ToUnixTimeSeconds())),
        OptionKind.Duration => Text(option, (name, found) => Seconds((long?)DurationText.Read(name, word, found)?.TotalSeconds)),
        OptionKind.PeopleFilter => Text(option, (name, found) => PeopleFilterText.Read(name, word, found)),
        _ => word,
    };

    private string? Choice(ResourceOption option, string word)
    {
        if (option.Values.FirstOrDefault(value => value.Equals(word, StringComparison.OrdinalIgnoreCase)) is { } value)
        {
            return value;
        }

        Refuse(
            option.Name,
            $"{table}: {option.Name} can't be '{word}'.",
            Suggestion.For(word, option.Values) ?? $"There are {string.Join(", ", option.Values)}.");
        return null;
    }

    private string? Flag(ResourceOption option, string word)
    {
        if (bool.TryParse(word, out var flag))
        {
            return flag ? "true" : "false";
        }

        Refuse(option.Name, $"{table}: {option.Name} is true or false, not '{word}'.");
        return null;
    }

    private string? Number(ResourceOption option, string word)
    {
        if (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number.ToString(CultureInfo.InvariantCulture);
        }

        Refuse(option.Name, $"{table}: {option.Name} is no whole number: '{word}'.");
        return null;
    }

    // The API takes too many for the maximum and 0 too, without a word: what was asked for would not be what comes.
    private string? Steps(ResourceOption option, string word)
    {
        var period = table.Period ?? MetricsPeriod.Days;
        var style = ResourceOf(table).Metrics;
        var most = MetricsCalendar.MaxSteps(period, style);
        if (
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var steps)
            && steps >= MetricsCalendar.FewestSteps
            && steps <= most)
        {
            return steps.ToString(CultureInfo.InvariantCulture);
        }

        Refuse(
            option.Name,
            $"{table}: {option.Name} is '{word}', but Customer.io gives {MetricsCalendar.FewestSteps} to {most} {TableName.Word(period)}.",
            style == MetricsStyle.Range
                ? "Leave it out for all periods since the campaign or action was created."
                : "The most are 24 hours, 45 days, 12 weeks and 121 months; leave it out for the most.");
        return null;
    }

    private string? Text(ResourceOption option, Func<SettingKey, ValidationErrors, string?> read)
    {
        var found = new ValidationErrors();
        var text = read($"{table}: {option.Name}", found);
        found.MoveTo(mistakes, IngestSettings.Options, option.Name);
        return text;
    }

    private static string? Seconds(long? seconds) => seconds?.ToString(CultureInfo.InvariantCulture);

    // What the options of an export say together.
    private void CheckExport(Resource resource, OptionValues said)
    {
        var kinds = resource.ExportParents.Where(parent => said.All(parent.Option).Count > 0).Select(parent => parent.Option).ToList();
        if (resource.ExportParents.Count > 0 && kinds.Count != 1)
        {
            mistakes.Add(
                IngestSettings.Options,
                $"{table} is of one kind of thing, but {(kinds.Count == 0 ? "none was" : string.Join(" and ", kinds) + " were")} named.",
                $"Give exactly one of {string.Join(", ", resource.ExportParents.Select(parent => parent.Option))}: an id, several, or the word all.");
        }

        if (said.All(resource.OptionOf(OptionKind.Segments)).Count > 0 && said.One("filter") is not null)
        {
            Refuse(
                "filter", $"{table}: segments and filter exclude each other.", """Put the segments into the filter, as {"segment":{"id":7}}.""");
        }

        // Both are unix seconds by now.
        if (long.TryParse(said.One("start"), out var start) && long.TryParse(said.One("end"), out var end) && start > end)
        {
            Refuse("start", $"{table}: start is after end.", "Exchange them.");
        }

        if (
            resource.Reading == ReadingKind.Hydrate
            && said.One(ExportedResource.Via) == ExportedResource.ByExport
            && said.All("attributes").Count == 0)
        {
            mistakes.Add(
                IngestSettings.Options,
                $"{table}: an export has only the attributes that are named, and none is.",
                $"Give attributes, for example {IngestSettings.Options} {table}.attributes=plan,city, or leave out via: the attributes endpoint " +
                    $"gives all.",
                ExportedResource.Via);
        }
    }
}

/// <summary>Reads options as they stand on a command line, <c>type=email</c> or <c>messages.type=email</c>.</summary>
internal static class OptionWords
{
    public static JobDraft Apply(JobDraft draft, Said said) => draft with { Options = Read(said) };

    /// <summary>Gives the values by name, and notes what has none.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(Said said)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var word in said.Words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == word.Length - 1)
            {
                said.Refuse(
                    $"{said.Key} is no NAME=VALUE: '{word}'.",
                    $"Write it as {said.Key} type=email, or for one of several tables as {said.Key} messages.type=email.");
                continue;
            }

            var (name, value) = (word[..equals].Trim(), word[(equals + 1)..].Trim());
            values[name] = [.. values.GetValueOrDefault(name) ?? [], value];
        }

        return values;
    }

    /// <summary>The table that an option is for, or null for all, and the option's own name.</summary>
    public static (string? Table, string Name) Split(string option) =>
        option.LastIndexOf('.') is var dot and >= 0 ? (option[..dot], option[(dot + 1)..]) : (null, option);
}
