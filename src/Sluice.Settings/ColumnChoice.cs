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

    private IReadOnlySet<string> _listed = new HashSet<string>(StringComparer.Ordinal);
    private IReadOnlySet<string> _without = new HashSet<string>(StringComparer.Ordinal);
    private bool _isChoice;

    private ColumnChoice()
    {
    }

    /// <summary>Nothing was said: all columns are kept.</summary>
    public static ColumnChoice All { get; } = new();

    /// <summary>The words for types.</summary>
    public static IReadOnlyCollection<string> TypeWords => Types.Keys;

    /// <summary>The types that are set, by column.</summary>
    public IReadOnlyDictionary<string, ColumnType> SetTypes { get; private init; } = new Dictionary<string, ColumnType>(StringComparer.Ordinal);

    /// <summary>Reads both lists, whose entries may be given one by one or with commas, and notes what is wrong.</summary>
    public static ColumnChoice Read(IReadOnlyList<string> columns, IReadOnlyList<string> without, ValidationErrors mistakes) =>
        All.Keeping(new Said(IngestSettings.Columns, columns, mistakes)).LeavingOut(new Said(IngestSettings.ExcludeColumns, without, mistakes));

    /// <summary>Splits entries at commas.</summary>
    public static IEnumerable<string> Names(IEnumerable<string> entries) =>
        entries.SelectMany(entry => entry.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Whether a table with these keys has the column.</summary>
    public bool Keeps(string name, IEnumerable<string> keys) =>
        !_without.Contains(name) && (!_isChoice || _listed.Contains(name) || keys.Contains(name, StringComparer.Ordinal));

    /// <summary>Adds types and columns to keep.</summary>
    internal ColumnChoice Keeping(Said said)
    {
        var entries = said
            .List.Select(entry => entry.Split(':', 2, StringSplitOptions.TrimEntries))
            .Select(entry => (string[])[GivenName.Of(entry[0]), .. entry[1..]])
            .ToList();
        var types = new Dictionary<string, ColumnType>(StringComparer.Ordinal);
        foreach (var (name, type) in entries.Where(entry => entry.Length == 2).Select(entry => (entry[0], entry[1])))
        {
            if (Types.TryGetValue(type, out var known))
            {
                types[name] = known;
            }
            else
            {
                said.Refuse(
                    $"{said.Key}: the column {name} can't have the type '{type}'.",
                    "There are bigint, double, boolean, text, timestamp, unixtime and json.",
                    name);
            }
        }

        return this with
        {
            SetTypes = types,
            _listed = entries.Select(entry => entry[0]).ToHashSet(StringComparer.Ordinal),
            _isChoice = entries.Exists(entry => entry.Length == 1),
        };
    }

    /// <summary>Adds columns to leave out.</summary>
    internal ColumnChoice LeavingOut(Said said)
    {
        var without = said.List.Select(GivenName.Of).ToHashSet(StringComparer.Ordinal);
        foreach (var both in _listed.Intersect(without, StringComparer.Ordinal))
        {
            said.Refuse($"The column {both} is in {IngestSettings.Columns} and in {said.Key}.", "Name it once.", both);
        }

        return this with { _without = without };
    }

    /// <summary>Applies the lists to a job.</summary>
    internal TableJob ApplyTo(TableJob job, ValidationErrors mistakes)
    {
        foreach (var key in job.PrimaryKey.Where(_without.Contains))
        {
            mistakes.Add(
                IngestSettings.ExcludeColumns,
                $"{job.Source}: the column {key} identifies its rows and can't be left out.",
                $"Take it out of {IngestSettings.ExcludeColumns}.",
                key);
        }

        return job with
        {
            TypeOverrides = SetTypes.ToDictionary(pair => pair.Key, pair => TypeFor(job.Resource, pair.Key, pair.Value), StringComparer.Ordinal),
            Only = _isChoice ? new HashSet<string>([.. _listed, .. job.PrimaryKey, .. Key(job)], StringComparer.Ordinal) : job.Only,
            Without = job.Without.Count == 0 ? _without : new HashSet<string>([.. job.Without, .. _without], StringComparer.Ordinal),
        };
    }

    private static IEnumerable<string> Key(TableJob job) => job.IncrementalKey is { } key ? [key] : [];

    // A column of unix seconds is a timestamp in the table already; what is overridden is the table's type, not the API's.
    private static ColumnType TypeFor(Resource resource, string name, ColumnType wanted) =>
        wanted == ColumnType.Timestamp && resource.Columns.Any(column => column.Name == name && column.Type == ColumnType.UnixTime)
            ? ColumnType.UnixTime
            : wanted;
}
