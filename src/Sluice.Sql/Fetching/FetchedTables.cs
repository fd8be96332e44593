using Sluice.Engine.DuckDb;
using Sluice.Engine.Shape;
using Sluice.Sql.Planning;
using Sluice.Sql.Tables;

namespace Sluice.Sql.Fetching;

/// <summary>What a query has fetched: for each table the files of its readings, each row once.</summary>
internal sealed class FetchedTables(InterruptibleConnection connection)
{
    private readonly Dictionary<LiveTable, List<Fragment>> _fragments = [];

    /// <summary>Tables with what was fetched of them.</summary>
    public IEnumerable<LiveTable> Tables => _fragments.Keys;

    public void Add(Fragment fragment)
    {
        if (!_fragments.TryGetValue(fragment.Reading.Table, out var known))
        {
            _fragments[fragment.Reading.Table] = known = [];
        }

        known.Add(fragment);
    }

    /// <summary>Whether all rows that a reading would bring are there.</summary>
    public bool Has(Reading reading) =>
        _fragments.GetValueOrDefault(reading.Table)?.Exists(fragment => fragment.Reading.IsWhole || fragment.Reading.Key == reading.Key) == true;

    /// <summary>The different values of a column in the rows that meet a scan's conditions; null among them for NULL.</summary>
    public async Task<IReadOnlyList<string?>> ValuesAsync(PlanOrigin origin, LiveTable table, CancellationToken cancel)
    {
        var conditions = origin.Scan!.Conditions.Select(ConditionSql.Of).OfType<string>().ToList();
        var rows = $"FROM ({SelectOf(table)})";
        var all = $"SELECT DISTINCT CAST({DuckDBIdentifier.Quote(origin.Column)} AS VARCHAR) {rows}";
        try
        {
            return await ReadAsync($"{KeySql.SelectOf(origin)} {rows} WHERE {string.Join(" AND ", conditions.Prepend("true"))}", cancel);
        }
        catch (DuckDB.NET.Data.DuckDBException) when (conditions.Count > 0)
        {
            // A condition that fails on a row decides nothing here: the query itself will tell.
            return await ReadAsync(all, cancel);
        }
    }

    /// <summary>SELECT of a table's rows in the order in which they came.</summary>
    public string SelectOf(LiveTable table)
    {
        var fragments = _fragments.GetValueOrDefault(table) ?? [];
        var files = fragments.SelectMany(fragment => fragment.Files).ToList();
        var has = fragments.Count == 0 ? [] : Fetcher.ColumnsOf(fragments[0].Reading);
        var columns = table.Columns.Select(column => files.Count > 0 && has.Contains(column.Name, StringComparer.Ordinal)
            ? DuckDBIdentifier.Quote(column.Name)
            : files.Count > 0 && table.IsAttribute(column.Name) && has.Contains(LiveTable.AttributesColumn, StringComparer.Ordinal)
            ? $"({LiveTable.AttributesColumn}->>{DuckDBLiteral.Quote(column.Name)}) AS {DuckDBIdentifier.Quote(column.Name)}"
            : $"CAST(NULL AS {SqlType.Of(column.Type)}) AS {DuckDBIdentifier.Quote(column.Name)}");
        return files.Count == 0
            ? $"SELECT {string.Join(", ", columns)} WHERE false"
            : $"SELECT {string.Join(", ", columns)} FROM read_parquet([{string.Join(", ", files.Select(DuckDBLiteral.Quote))}])";
    }

    /// <summary>How many different rows there are of a table.</summary>
    public Task<long> CountAsync(LiveTable table, CancellationToken cancel)
    {
        var keys = string.Join(", ", table.Resource.PrimaryKey.Select(DuckDBIdentifier.Quote));
        return connection.ScalarAsync($"SELECT {(keys.Length == 0 ? "count(*)" : $"count(DISTINCT row({keys}))")} FROM ({SelectOf(table)})", cancel);
    }

    /// <summary>Leaves each key once: windows overlap, lists move while they are read, and several readings can bring a row.</summary>
    /// <param name="table">The table.</param>
    /// <param name="folder">Where the rows go if they must be written anew.</param>
    /// <param name="cancel">Stops between statements.</param>
    public async Task DropDuplicatesAsync(LiveTable table, string folder, CancellationToken cancel)
    {
        var fragments = _fragments.GetValueOrDefault(table) ?? [];
        var files = fragments.SelectMany(fragment => fragment.Files).ToList();
        if (files.Count == 0 || table.Resource.PrimaryKey is not { Count: > 0 } names || fragments[0].Reading.IsCounted)
        {
            return;
        }

        var keys = string.Join(", ", names.Select(DuckDBIdentifier.Quote));
        var source = $"read_parquet([{string.Join(", ", files.Select(DuckDBLiteral.Quote))}], file_row_number = true, filename = true)";
        if (await connection.ScalarAsync($"SELECT count(*) - count(DISTINCT row({keys})) FROM {source}", cancel) == 0)
        {
            return;
        }

        var path = Path.Combine(folder, "once.parquet");
        await connection.RunAsync(
            $"COPY (SELECT * EXCLUDE (file_row_number, filename) FROM (SELECT * FROM {source} "
                + $"QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY filename DESC, file_row_number DESC) = 1) "
                + $"ORDER BY filename, file_row_number) TO {DuckDBLiteral.Quote(path)} (FORMAT parquet)",
            cancel);
        var rows = await connection.ScalarAsync($"SELECT count(*) FROM read_parquet({DuckDBLiteral.Quote(path)})", cancel);
        _fragments[table] = [fragments[0] with { Files = [path], Rows = rows }];
    }

    private Task<IReadOnlyList<string?>> ReadAsync(string sql, CancellationToken cancel) =>
        connection.ListAsync(sql, row => row.IsDBNull(0) ? null : row.GetString(0), cancel);
}
