using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Relational;

/// <summary>Makes the table that readers see wide enough for the staged rows, in the transaction of the rows. Nothing is ever made narrower.</summary>
internal sealed class LiveFitting(Session session, SqlDialect dialect, LoadTarget target)
{
    private static string Largest => SqlType.LargestExactInDouble.ToString(CultureInfo.InvariantCulture);

    private string Live => dialect.Table(target.Schema, target.Table);

    /// <summary>Makes the live table take what is staged, and tells what that changed.</summary>
    public async Task<IReadOnlyList<SchemaChange>> FitAsync(OrderedDictionary<string, ColumnType> live, StagedTable staged, OrderedDictionary<string, ColumnType> columns, CancellationToken cancel)
    {
        var changes = new List<SchemaChange>();
        var widenings = new List<Widening>();
        foreach (var (column, type) in columns)
        {
            if (!live.TryGetValue(column, out var had))
            {
                await session.RunAsync($"ALTER TABLE {Live} ADD COLUMN {dialect.Quote(column)} {dialect.Type(type, IsKey(column))}", cancel);
                live.Add(column, type);
                changes.Add(Change(column, $"added as {SqlType.Of(type)} to a table that lacked it"));
            }
            else if (await WiderAsync(NameIn(live, column), had, staged, column, type, cancel) is { } wider)
            {
                widenings.Add(new Widening(NameIn(live, column), had, wider, IsKey(column)));
                live[column] = wider;
                changes.Add(Change(column, $"widened from {SqlType.Of(had)} to {SqlType.Of(wider)}"));
            }
        }

        if (widenings.Count > 0)
        {
            await dialect.WidenAsync(session, target.Schema, target.Table, widenings, cancel);
        }

        return changes;
    }

    /// <summary>The type of a column that takes the values of both tables.</summary>
    public async Task<ColumnType> BothAsync(string name, ColumnType had, StagedTable staged, string column, ColumnType type, CancellationToken cancel) =>
        await WiderAsync(name, had, staged, column, type, cancel) ?? had;

    /// <summary>The integer columns with a value that a double does not hold exactly.</summary>
    public async Task<IReadOnlySet<string>> LongIntegersAsync(IEnumerable<string> columns, CancellationToken cancel)
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var column in columns)
        {
            if (await HoldsLongIntegersAsync(column, cancel))
            {
                found.Add(column);
            }
        }

        return found;
    }

    /// <summary>How a column is called in a table, whose names may differ by case from those of the staged rows.</summary>
    public static string NameIn(OrderedDictionary<string, ColumnType> columns, string name) => columns.IndexOf(name) is var at and >= 0 ? columns.GetAt(at).Key : name;

    // The type that the live column must get, or null if it takes the rows as it is.
    private async Task<ColumnType?> WiderAsync(string name, ColumnType had, StagedTable staged, string column, ColumnType type, CancellationToken cancel) => (had, type) switch
    {
        _ when had == type || had == ColumnType.Text => null,
        (_, ColumnType.Text) => type,
        (ColumnType.Bigint, ColumnType.Double) when !await HoldsLongIntegersAsync(name, cancel) => type,
        (ColumnType.Double, ColumnType.Bigint) when !await StagedReading.HoldsLongIntegersAsync(staged, column, cancel) => null,
        _ => throw SchemaErrors.Unfit(target, column, SqlType.Of(had), SqlType.Of(type)),
    };

    private async Task<bool> HoldsLongIntegersAsync(string column, CancellationToken cancel) => await session.ScalarAsync(
        $"SELECT count(*) FROM (SELECT 1 FROM {Live} WHERE {dialect.Quote(column)} NOT BETWEEN -{Largest} AND {Largest} LIMIT 1) AS found", cancel) > 0;

    private bool IsKey(string column) => target.PrimaryKey.Contains(column, StringComparer.OrdinalIgnoreCase);

    private SchemaChange Change(string column, string change) => new($"{target.Schema}.{target.Table}", column, change);
}
