using System.Globalization;
using Sluice.DuckDb;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.DuckDb;

/// <summary>Makes tables wide enough for rows: adds columns and widens types, in the transaction of the rows. Nothing is ever made narrower.</summary>
internal sealed class SchemaFitting(DuckDBConnection connection, LoadTarget target, LoadSql sql)
{
    private readonly ColumnMapping _mapping = new(connection, target, sql);
    private Dictionary<string, string> _aside = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<KnownColumn> Known { get; private set; } = [];

    public async Task ReadAsync(CancellationToken cancel) => Known = await _mapping.ReadAsync(cancel);

    public Task ForgetStagedAsync(CancellationToken cancel) => _mapping.ForgetStagedAsync(cancel);

    public Task KeepMappingAsync(CancellationToken cancel) => _mapping.KeepAsync(cancel);

    /// <summary>After a rollback nobody knows what the table aside looks like.</summary>
    public void ForgetAside() => _aside.Clear();

    /// <summary>Makes the table aside take the columns, also if a stopped run has left it with others.</summary>
    public async Task FitAsideAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        if (columns.All(column => _aside.TryGetValue(column.Name, out var type) && IsType(type, column)))
        {
            return;
        }

        await connection.RunAsync(sql.CreateAside(columns), cancel);
        var had = await TableColumns.ReadAsync(connection, target.Schema, LoadSql.AsideName(target), cancel);
        foreach (var column in columns)
        {
            await FitAsideAsync(column, had.GetValueOrDefault(column.Name), cancel);
        }

        await _mapping.StageAsync(columns, cancel);
        _aside = columns.ToDictionary(column => column.Name, column => SqlType.Of(column.Type), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Makes the live table take what the table aside holds, and tells what that changed.</summary>
    public async Task<List<SchemaChange>> FitLiveAsync(
        IReadOnlyDictionary<string, string> live, IReadOnlyDictionary<string, string> aside, CancellationToken cancel)
    {
        var changes = new List<SchemaChange>();
        foreach (var (column, type) in aside)
        {
            if (!live.TryGetValue(column, out var had))
            {
                await connection.RunAsync(sql.AddToLive(column, type), cancel);
                changes.Add(Change(column, $"added as {type} to a table that lacked it"));
            }
            else if (await WiderAsync(column, had, type, cancel) is { } wider)
            {
                await connection.RunAsync(sql.WidenLive(column, wider), cancel);
                changes.Add(Change(column, $"widened from {had} to {wider}"));
            }
        }

        return changes;
    }

    /// <summary>A record that came twice has its rejects twice; only one of the rows is left, and so must its rejects be.</summary>
    public async Task<long> DropDoubledRejectsAsync(long doubled, CancellationToken cancel)
    {
        var rejects = BookKeeping.Name(connection.Database, target.Schema, BookKeeping.Rejects);
        return doubled == 0 ? 0 : await connection.RunAsync(
            $"""
            DELETE FROM {rejects} WHERE table_name = $table AND load_id = $load AND rowid NOT IN (
              SELECT max(rowid) FROM {rejects} WHERE table_name = $table AND load_id = $load GROUP BY record_key::VARCHAR, column_name, raw_value)
            """,
            cancel,
            ("table", target.Table),
            ("load", target.LoadId));
    }

    private static bool IsType(string type, TableColumn column) => SqlType.Of(SqlType.Parse(type)) == SqlType.Of(column.Type);

    private async Task FitAsideAsync(TableColumn column, string? had, CancellationToken cancel)
    {
        if (had is null)
        {
            await connection.RunAsync(sql.AddToAside(column), cancel);
        }
        else if (!IsType(had, column))
        {
            // The user may have changed --columns between two runs: what is staged is not made narrower.
            if (column.Type != ColumnType.Text && (had, column.Type) != ("BIGINT", ColumnType.Double))
            {
                throw Unfit(column.Name, had, SqlType.Of(column.Type));
            }

            await connection.RunAsync(sql.WidenAside(column.Name, SqlType.Of(column.Type)), cancel);
        }
    }

    // The type that the live column must get, or null if it takes the rows as it is.
    private async Task<string?> WiderAsync(string column, string had, string type, CancellationToken cancel) => (had, type) switch
    {
        _ when had == type || had == "VARCHAR" => null,
        (_, "VARCHAR") => type,
        ("BIGINT", "DOUBLE") when !await HoldsLongIntegersAsync(sql.Live, column, cancel) => type,
        ("DOUBLE", "BIGINT") when !await HoldsLongIntegersAsync(sql.Aside, column, cancel) => null,
        _ => throw Unfit(column, had, type),
    };

    private async Task<bool> HoldsLongIntegersAsync(string table, string column, CancellationToken cancel)
    {
        var largest = SqlType.LargestExactInDouble.ToString(CultureInfo.InvariantCulture);
        return await connection.ScalarAsync(
            $"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {BookKeeping.Quote(column)} NOT BETWEEN -{largest} AND {largest} LIMIT 1)", cancel) > 0;
    }

    private SchemaChange Change(string column, string change) => new($"{target.Schema}.{target.Table}", column, change);

    private SluiceException Unfit(string column, string had, string type) => new(
        SluiceErrorKind.Schema,
        $"The column {column} of {target.Schema}.{target.Table} is {had} and would have to become {type}, which would change values.",
        $"Give --columns '{column}:text', which holds both, or replace the table with --full-refresh.");
}
