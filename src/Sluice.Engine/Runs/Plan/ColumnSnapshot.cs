using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Engine.Runs;

/// <summary>What the destination remembers of the columns of a run's tables: which field has which, and what is masked.</summary>
internal sealed class ColumnSnapshot
{
    // Beyond so many letters that differ, another member of an object is another member.
    private const int MostEdits = 2;

    private const int MostShown = 12;

    private readonly Dictionary<(string Schema, string Table), List<MappedColumn>> _columns = [];

    private ColumnSnapshot()
    {
    }

    public static ColumnSnapshot None { get; } = new();

    public static async Task<ColumnSnapshot> ReadAsync(IngestRequest request, IDestination destination, CancellationToken cancel)
    {
        var known = new ColumnSnapshot();
        foreach (var schema in request.Tables.Select(job => job.Schema).Distinct(StringComparer.Ordinal))
        {
            foreach (var table in (await destination.SystemTables(schema).ReadColumnsAsync(cancel)).GroupBy(row => row.Table))
            {
                known._columns[(schema, table.Key)] = [.. table.Select(row => row.Column)];
            }
        }

        return known;
    }

    /// <summary>The columns of a job's table; of one that becomes several, those of all.</summary>
    public IEnumerable<MappedColumn> Of(TableJob job) =>
        job.Slicing == Slicing.None
            ? _columns.GetValueOrDefault((job.Schema, job.Table)) ?? []
            : _columns
                .Where(pair => pair.Key.Schema == job.Schema && pair.Key.Table.StartsWith($"{job.Table}_", StringComparison.Ordinal))
                .SelectMany(pair => pair.Value);

    /// <summary>Refuses names that neither the catalog nor the destination has.</summary>
    /// <exception cref="SluiceException">There are such names (kind Config).</exception>
    public void RequireNames(IngestRequest request)
    {
        var mistakes = new ValidationErrors();

        // Of two names that look alike and are both named none is the other one misspelt.
        var others = request.NamedColumns.Select(named => named.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var named in request.NamedColumns)
        {
            // One list of masks can be for many runs, each of some tables.
            var columns = named.Kind == NameKind.Field
                ? _columns.Values.SelectMany(table => table)
                : request.Tables.Where(job => named.Sources.Contains(job.Source)).SelectMany(Of);
            var known = columns.SelectMany(column => (string?[])[column.Field, column.Column]).OfType<string>().Concat(named.Known).ToList();
            if (!IsRight(named, known.Except(others.Where(other => other != named.Name), StringComparer.Ordinal).ToList()))
            {
                mistakes.Add(
                    $"{named.Setting} names {named.Name}, which neither the catalog nor the destination has" +
                        $"{(named.Kind == NameKind.Column ? $" in {string.Join(", ", named.Sources)}" : "")}.",
                    $"{Nearest(named, known)} Write {named.Name}? if records may lack it.");
            }
        }

        mistakes.ThrowIfAny();
    }

    private static bool IsRight(NamedColumn named, IReadOnlyList<string> known)
    {
        var comparer = named.Kind == NameKind.Field ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        return known.Contains(named.Name, comparer)
            || (named.Kind == NameKind.Field && known.Any(name => comparer.Equals(name[(name.LastIndexOf('.') + 1)..], named.Name)))
            || (named.OpenObject is { } place && !MembersLike(named, place, known).Any());
    }

    private static IEnumerable<string> MembersLike(NamedColumn named, string place, IEnumerable<string> known) =>
        known.Where(name =>
            name.StartsWith($"{place}.", StringComparison.OrdinalIgnoreCase)
            && NameDistance.Edits(name.ToLowerInvariant(), named.Name.ToLowerInvariant()) <= MostEdits);

    private static string Nearest(NamedColumn named, IEnumerable<string> known)
    {
        var names = (named.OpenObject is { } place ? MembersLike(named, place, known) : known).Distinct(StringComparer.Ordinal).ToList();
        return Suggestion.For(named.Name, names)
            ?? $"There are {string.Join(", ", names.Take(MostShown))}{(names.Count > MostShown ? " and more" : "")}.";
    }
}
