using System.Runtime.ExceptionServices;
using DuckDB.NET.Data;
using Sluice.Destinations.Staging;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Sends the rows of a query as they are read, portion by portion.</summary>
internal sealed class RowBinaryUpload(ClickHouseClient client, StagedTable staged)
{
    /// <summary>Sends all rows.</summary>
    /// <param name="table">The table, quoted.</param>
    /// <param name="columns">The columns that are sent.</param>
    /// <param name="isAll">Whether the table has no others; an old server takes only so many letters before the data.</param>
    /// <param name="select">The query.</param>
    /// <param name="cancel">Stops between two buffers.</param>
    public async Task SendAsync(string table, IReadOnlyList<ClickHouseColumn> columns, bool isAll, string select, CancellationToken cancel)
    {
        await using var command = staged.Connection.CreateCommand();
        command.CommandText = select;
        await using var rows = await RowBinaryRows.OpenAsync(command, columns, cancel);
        var names = isAll ? "" : $" ({string.Join(", ", columns.Select(column => column.Quoted))})";
        var sql = $"INSERT INTO {table}{names} FORMAT RowBinary";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = new Queue<Task>();
        try
        {
            while (rows.HasMore)
            {
                // The server sorts and writes one portion while the next one is on its way.
                var content = new RowBinaryContent(rows, client.Address.Compresses);
                var insert = InsertAsync(sql, content, stop.Token);
                running.Enqueue(insert);
                await Task.WhenAny(content.Written, insert);
                await (content.Written.IsCompletedSuccessfully ? running.Count > 1 ? running.Dequeue() : Task.CompletedTask : insert);
            }

            await Task.WhenAll(running);
        }
        catch
        {
            await stop.CancelAsync();

            // Nobody reads rows any more once this has ended.
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task InsertAsync(string sql, RowBinaryContent content, CancellationToken cancel)
    {
        using (content)
        {
            try
            {
                await client.InsertAsync(sql, content, cancel);
            }
            catch (ClickHouseException) when (content.Written.Exception?.InnerException is DuckDBException error)
            {
                // HttpClient says only that the connection broke.
                ExceptionDispatchInfo.Throw(error);
                throw;
            }
        }
    }
}
