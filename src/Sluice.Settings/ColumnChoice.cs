using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;

namespace Sluice.Settings;

/// <summary>
/// What <c>--columns</c> and <c>--exclude-columns</c> say. An entry <c>name:type</c> sets a type; an entry without a type makes the list a choice,
/// and then only the listed columns, typed ones too, and the table's keys are kept.
/// </summary>
public sealed record ColumnChoice
{
    private static readonly Dictionary<string, ColumnType> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bigint"] = ColumnType.Bigint,
        ["int"] = ColumnType.Bigint,
        ["integer"] = ColumnType.Bigint,
        ["double"] = ColumnType.Double,
        ["float"] = ColumnType.Double,
        ["bool"] = ColumnType.Boolean,
        ["boolean"] = ColumnType.Boolean,
        ["text"] = ColumnType.Text,
        ["string"] = ColumnType.Text,
        ["varchar"] = ColumnType.Text,
        ["json"] = ColumnType.Json,
        ["timestamp"] = ColumnType.Timestamp,
        ["timestamptz"] = ColumnType.Timestamp,
        ["unixtime"] = ColumnType.UnixTime,
    };

    private readonly Dictionary<string, ColumnType> _types = new(StringComparer.Ordinal);
    private readonly HashSet<string> _listed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _without = new(StringComparer.Ordinal);
    private bool _isChoice;

    private ColumnChoice()
    {
    }

    /// <summary>The words for types.</summary>
    public static IReadOnlyCollection<string> TypeWords => Types.Keys;

    /// <summary>The types that are set, by column.</summary>
    public IReadOnlyDictionary<string, ColumnType> SetTypes => _types;

    /// <summary>Reads both lists, whose entries may be given one by one or with commas, and notes what is wrong.</summary>
    public static ColumnChoice Read(IEnumerable<string> columns, IEnumerable<string> without, ValidationErrors mistakes)
    {
        var choice = new ColumnChoice();
        foreach (var entry in Names(columns))
        {
            choice.Add(entry, mistakes);
        }

        choice._without.UnionWith(Names(without));
        foreach (var both in choice._listed.Intersect(choice._without, StringComparer.Ordinal))
        {
            mistakes.Add($"The column {both} is in --columns and in --exclude-columns.", "Name it once.");
        }

        return choice;
    }

    /// <summary>Splits entries at commas.</summary>
    public static IEnumerable<string> Names(IEnumerable<string> entries) =>
        entries.SelectMany(entry => entry.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Whether a table with these keys has the column.</summary>
    public bool Keeps(string name, IEnumerable<string> keys) =>
        !_without.Contains(name) && (!_isChoice || _listed.Contains(name) || keys.Contains(name, StringComparer.Ordinal));

    /// <summary>Applies the lists to a job.</summary>
    public TableJob ApplyTo(TableJob job, ValidationErrors mistakes)
    {
        foreach (var key in job.PrimaryKey.Where(_without.Contains))
        {
            mistakes.Add($"{job.Source}: the column {key} identifies its rows and can't be left out.", "Take it out of --exclude-columns.");
        }

        return job with
        {
            TypeOverrides = _types.ToDictionary(pair => pair.Key, pair => TypeFor(job.Resource, pair.Key, pair.Value), StringComparer.Ordinal),
            Only = _isChoice ? new HashSet<string>([.. _listed, .. job.PrimaryKey, .. Key(job)], StringComparer.Ordinal) : job.Only,
            Without = job.Without.Count == 0 ? _without : [.. job.Without, .. _without],
        };
    }

    private static IEnumerable<string> Key(TableJob job) => job.IncrementalKey is { } key ? [key] : [];

    // A column of unix seconds is a timestamp in the table already; what is overridden is the table's type, not the API's.
    private static ColumnType TypeFor(Resource resource, string name, ColumnType wanted) =>
        wanted == ColumnType.Timestamp && resource.Columns.Any(column => column.Name == name && column.Type == ColumnType.UnixTime)
            ? ColumnType.UnixTime
            : wanted;

    private void Add(string entry, ValidationErrors mistakes)
    {
        var colon = entry.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? entry : entry[..colon].Trim();
        _listed.Add(name);
        if (colon < 0)
        {
            _isChoice = true;
            return;
        }

        var type = entry[(colon + 1)..].Trim();
        if (Types.TryGetValue(type, out var known))
        {
            _types[name] = known;
            return;
        }

        mistakes.Add(
            $"--columns: the column {name} can't have the type '{type}'.", "There are bigint, double, boolean, text, timestamp, unixtime and json.");
    }
}
