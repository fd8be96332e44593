using System.Globalization;
using Sluice.Destinations.Staging;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Sends staged rows into a table of the server: as Parquet, or row by row where the server is old or the rows are long.</summary>
internal sealed class Upload(ClickHouseClient client, StagedTable staged)
{
    // Parquet is written from a group of rows that is in memory as a whole.
    private const long MostParquetRowBytes = 16 << 10;
    private const int SampledRows = 2048;

    /// <summary>Sends all staged rows.</summary>
    /// <param name="table">The table, quoted.</param>
    /// <param name="columns">Its columns: the staged ones, and what tells rows apart.</param>
    /// <param name="version">The number of the load.</param>
    /// <param name="keepsAll">Whether rows of one key are all to be kept.</param>
    /// <param name="cancel">Stops between two buffers; the table then has some of the rows.</param>
    public async Task RowsAsync(string table, IReadOnlyList<ClickHouseColumn> columns, long version, bool keepsAll, CancellationToken cancel)
    {
        var types = await staged.ReadColumnsAsync(cancel);
        var sent = columns.Where(column => ClickHouseTable.IsHidden(column.Name) || types.ContainsKey(column.Name)).ToList();
        var rowBytes = client.Version.IsModern ? await RowBytesAsync(types, cancel) : long.MaxValue;
        string Value(ClickHouseColumn column, long before, bool asParquet) => column.Name switch
        {
            ClickHouseTable.Row => RowNumber(version, before, keepsAll),
            ClickHouseTable.Version => $"{Text(version)}::BIGINT",
            ClickHouseTable.IsDeleted => "false",
            _ => StagedValues.Of(column.Name, types[column.Name], column, asParquet),
        };
        if (rowBytes <= MostParquetRowBytes)
        {
            await new ParquetUpload(client, staged).SendAsync(table, sent, (column, before) => Value(column, before, asParquet: true), rowBytes, cancel);
            return;
        }

        var values = sent.Select(column => Value(column, 0, asParquet: false));
        await new RowBinaryUpload(client, staged).SendAsync(table, sent, sent.Count == columns.Count, $"SELECT {string.Join(", ", values)} FROM {staged.Name}", cancel);
    }

    /// <summary>Sends what did not fit; the same rows get the same numbers each time.</summary>
    public Task RejectsAsync(string table, IReadOnlyList<ClickHouseColumn> columns, CancellationToken cancel)
    {
        var values = columns.Select(column => column.Name switch
        {
            "table_name" => DuckDBLiteral.Quote(staged.Target.Table),
            ClickHouseTable.Row => "row_number() OVER ()",
            "rejected_at" => StagedValues.Of(column.Name, "TIMESTAMPTZ", column, asParquet: false),
            _ => $"CAST({column.Name} AS VARCHAR)",
        });
        return new RowBinaryUpload(client, staged).SendAsync(
            table, columns, isAll: true,
            $"SELECT {string.Join(", ", values)} FROM (SELECT * FROM ({staged.RejectsSql}) ORDER BY CAST(record_key AS VARCHAR), column_name, raw_value) AS rejects", cancel);
    }

    // The one row of a key is number 0. Rows without a key, and those of a table that keeps all versions, have a number of their own for good.
    private string RowNumber(long version, long before, bool keepsAll)
    {
        var apart = $"{Text((version << ClickHouseTable.RowBits) + before)} + row_number() OVER ()";
        var key = staged.Target.PrimaryKey;
        return keepsAll || key.Count == 0 ? apart : $"CASE WHEN {string.Join(" AND ", key.Select(name => $"{StageTables.Quote(name)} IS NOT NULL"))} THEN 0 ELSE {apart} END";
    }

    // How long a row is, by the first ones and by some from everywhere.
    private async Task<long> RowBytesAsync(IReadOnlyDictionary<string, string> types, CancellationToken cancel)
    {
        var texts = types.Where(column => SqlType.Parse(column.Value) is Engine.Catalog.ColumnType.Text or Engine.Catalog.ColumnType.Json)
            .Select(column => $"coalesce(strlen(CAST({StageTables.Quote(column.Key)} AS VARCHAR)), 0)");
        var length = $"coalesce(CAST(avg({string.Join(" + ", texts.DefaultIfEmpty("0"))}) AS BIGINT), 0)";
        var first = await staged.Connection.ScalarAsync($"SELECT {length} FROM (SELECT * FROM {staged.Name} LIMIT {Text(SampledRows)}) AS first", cancel);
        var some = await staged.Connection.ScalarAsync($"SELECT {length} FROM {staged.Name} TABLESAMPLE 1 PERCENT (system)", cancel);
        return (8L * types.Count) + Math.Max(first, some);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
