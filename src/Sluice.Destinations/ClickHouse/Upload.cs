using System.Globalization;
using Sluice.Destinations.Staging;
using Sluice.DuckDb;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Sends staged rows into a table of the server.</summary>
internal sealed class Upload(ClickHouseClient client, StagedTable staged)
{
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
        var values = sent.Select(column => column.Name switch
        {
            ClickHouseTable.Row => RowNumber(version, keepsAll),
            ClickHouseTable.Version => $"{version.ToString(CultureInfo.InvariantCulture)}::BIGINT",
            ClickHouseTable.IsDeleted => "false",
            _ => StagedValues.Of(column.Name, types[column.Name], column),
        });
        await SendAsync(table, sent, sent.Count == columns.Count, $"SELECT {string.Join(", ", values)} FROM {staged.Name}", cancel);
    }

    /// <summary>Sends what did not fit; the same rows get the same numbers each time.</summary>
    public Task RejectsAsync(string table, IReadOnlyList<ClickHouseColumn> columns, CancellationToken cancel)
    {
        var values = columns.Select(column => column.Name switch
        {
            "table_name" => DuckDBLiteral.Quote(staged.Target.Table),
            ClickHouseTable.Row => "row_number() OVER ()",
            "rejected_at" => StagedValues.Of(column.Name, "TIMESTAMPTZ", column),
            _ => $"CAST({column.Name} AS VARCHAR)",
        });
        return SendAsync(
            table, columns, isAll: true,
            $"SELECT {string.Join(", ", values)} FROM (SELECT * FROM ({staged.RejectsSql}) ORDER BY CAST(record_key AS VARCHAR), column_name, raw_value) AS rejects", cancel);
    }

    // The one row of a key is number 0. Rows without a key, and those of a table that keeps all versions, have a number of their own for good.
    private string RowNumber(long version, bool keepsAll)
    {
        var apart = $"{(version << ClickHouseTable.RowBits).ToString(CultureInfo.InvariantCulture)} + row_number() OVER ()";
        var key = staged.Target.PrimaryKey;
        return keepsAll || key.Count == 0 ? apart : $"CASE WHEN {string.Join(" AND ", key.Select(name => $"{StageTables.Quote(name)} IS NOT NULL"))} THEN 0 ELSE {apart} END";
    }

    private async Task SendAsync(string table, IReadOnlyList<ClickHouseColumn> columns, bool isAll, string select, CancellationToken cancel)
    {
        await using var command = staged.Connection.CreateCommand();
        command.CommandText = select;
        using var content = new RowBinaryContent(command, columns, client.Address.Compresses);
        var names = isAll ? "" : $" ({string.Join(", ", columns.Select(column => column.Quoted))})";
        try
        {
            await client.InsertAsync($"INSERT INTO {table}{names} FORMAT RowBinary", content, cancel);
        }
        catch (ClickHouseException error) when (content.Failure is not null)
        {
            throw new DuckDBException(content.Failure.Message, error);
        }
    }
}
