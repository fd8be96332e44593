using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Merge;

/// <summary>
/// Makes the table that readers see wide enough for the staged rows, in the transaction of the rows. Nothing is ever made narrower.
/// </summary>
internal sealed class SchemaEvolution(MergeContext context)
{
    private readonly DbSession _session = context.Session;
    private readonly SqlDialect _dialect = context.Dialect;
    private readonly LoadTarget _target = context.Target;

    private const int ColumnsAtATime = 50;

    private static string Largest => SqlType.LargestExactInDouble.ToString(CultureInfo.InvariantCulture);

    /// <summary>Makes the live table take what is staged, and tells what that changed.</summary>
    public async Task<IReadOnlyList<SchemaChange>> FitAsync(
        OrderedDictionary<string, ColumnType> live, OrderedDictionary<string, ColumnType> columns, CancellationToken cancel)
    {
        var changes = new List<SchemaChange>();
        var widenings = new List<Widening>();
        var foreign = await _dialect.ForeignTypesAsync(_session, _target.Schema, _target.Table, cancel);
        await RequireWritableAsync(columns, cancel);
        await RequireAddableAsync([.. columns.Where(column => !live.ContainsKey(column.Key))], cancel);
        foreach (var (column, type) in columns)
        {
            if (!live.TryGetValue(column, out var had))
            {
                var added = await _dialect.AddedTypeAsync(_session, _target.Schema, _target.Table, type, cancel);
                await _session.RunAsync(
                    $"ALTER TABLE {context.Live} ADD COLUMN {_dialect.Quote(column)} {_dialect.Type(added, IsKey(column))}", cancel);
                live.Add(column, added);
                changes.Add(Change(column, $"added as {SqlType.Of(added)} to a table that lacked it"));
            }
            else if (foreign.TryGetValue(column, out var other))
            {
                widenings.Add(
                    new Widening(
                        NameIn(live, column),
                        had,
                        type == ColumnType.Text ? type : throw SchemaErrors.Unfit(_target, column, other, SqlType.Of(type)),
                        IsKey(column)));
                changes.Add(Change(column, $"widened from {other} to {SqlType.Of(type)}"));
            }
            else if (await WiderAsync(NameIn(live, column), had, column, type, cancel) is { } wider)
            {
                widenings.Add(new Widening(NameIn(live, column), had, wider, IsKey(column)));
                live[column] = wider;
                changes.Add(Change(column, $"widened from {SqlType.Of(had)} to {SqlType.Of(wider)}"));
            }
        }

        if (widenings.Count > 0)
        {
            await _dialect.WidenAsync(_session, _target.Schema, _target.Table, widenings, cancel);
        }

        return changes;
    }

    // Fields that nobody knows come without a look at the table; there are servers that drop what is written into a computed column.
    private async Task RequireWritableAsync(OrderedDictionary<string, ColumnType> columns, CancellationToken cancel)
    {
        var demands = await _dialect.DemandsAsync(_session, _target.Schema, _target.Table, columns.ContainsKey, cancel);
        if (demands.Where(demand => columns.ContainsKey(demand.Column)).ToList() is { Count: > 0 } computed)
        {
            throw new TableFit(_session, _target).Refusal(computed);
        }
    }

    // What is somebody else's besides the table is for them to change.
    private async Task RequireAddableAsync(IReadOnlyList<KeyValuePair<string, ColumnType>> missing, CancellationToken cancel)
    {
        var place = (await _dialect.OwnersAsync(_session, _target.Schema, _target.Table, null, cancel))[0];
        if (missing.Count > 0 && place != (_target.Schema, _target.Table))
        {
            var added = missing.Select(column => $"ADD COLUMN {_dialect.Quote(column.Key)} {_dialect.Type(column.Value, IsKey(column.Key))}");
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{_target.Schema}.{_target.Table} is a partition and lacks {string.Join(", ", missing.Select(column => column.Key))}: columns are " +
                    $"added to the whole table alone. Nothing was changed.",
                $"Add them with: ALTER TABLE {_dialect.Table(place.Schema, place.Table)} {string.Join(", ", added)}; " +
                    "Or name another table with --dest-table.");
        }
    }

    /// <summary>The type of a column that takes the values of both tables.</summary>
    public async Task<ColumnType> BothAsync(string name, ColumnType had, string column, ColumnType type, CancellationToken cancel) =>
        await WiderAsync(name, had, column, type, cancel) ?? had;

    /// <summary>The integer columns of a table with a value that a double does not hold exactly.</summary>
    public static async Task<IReadOnlySet<string>> LongIntegersAsync(
        DbSession session, string table, IReadOnlyList<string> columns, CancellationToken cancel)
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        // Some at a time: the time that DuckDB takes to plan them grows with the square of their number.
        foreach (var some in columns.Chunk(ColumnsAtATime))
        {
            var flags = some.Select(column =>
                session.Dialect.Integer(
                    $"coalesce(max(CASE WHEN {session.Dialect.Quote(column)} NOT BETWEEN -{Largest} AND {Largest} THEN 1 ELSE 0 END), 0)"));
            var rows = await session.ListAsync(
                $"SELECT {string.Join(", ", flags)} FROM {table}", row => some.Where((_, place) => row.GetInt64(place) > 0).ToList(), cancel);
            found.UnionWith(rows[0]);
        }

        return found;
    }

    /// <summary>How a column is called in a table, whose names may differ by case from those of the staged rows.</summary>
    public static string NameIn(OrderedDictionary<string, ColumnType> columns, string name) =>
        columns.IndexOf(name) is var at and >= 0 ? columns.GetAt(at).Key : name;

    // The type that the live column must get, or null if it takes the rows as it is.
    private async Task<ColumnType?> WiderAsync(string name, ColumnType had, string column, ColumnType type, CancellationToken cancel) =>
        (had, type) switch
        {
            _ when had == type || had == ColumnType.Text => null,
            (_, ColumnType.Text) => type,
            (ColumnType.Bigint, ColumnType.Double) when await _session.ScalarAsync(LongInteger(context.Whole, _dialect.Quote(name)), cancel) == 0 =>
                type,
            (ColumnType.Double, ColumnType.Bigint)
                when await context.Staged.Connection.ScalarAsync(LongInteger(context.Staged.Name, StagingTables.Quote(column)), cancel) == 0 => null,
            _ => throw SchemaErrors.Unfit(_target, column, SqlType.Of(had), SqlType.Of(type)),
        };

    private static string LongInteger(string table, string column) =>
        $"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {column} NOT BETWEEN -{Largest} AND {Largest} LIMIT 1) AS found";

    private bool IsKey(string column) => _target.PrimaryKey.Contains(column, StringComparer.OrdinalIgnoreCase);

    private SchemaChange Change(string column, string change) => new($"{_target.Schema}.{_target.Table}", column, change);
}
