using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Server.Checks;
using Sluice.Settings;
using Sluice.Sql;
using Sluice.Sql.Text;
using Sluice.Writes.Backup;

namespace Sluice.Cli.Commands;

/// <summary>Reads the rows of a workspace, to keep them or to compare them: as a query does, but never from what queries have kept.</summary>
internal sealed class WorkspaceReader : IAsyncDisposable
{
    private readonly SqlSession _session;

    public WorkspaceReader(CustomerIoClient client, Messages messages, TimeProvider time)
    {
        var progress = new QueryProgressView(messages, time, isShown: true);
        _session = new SqlSession(client, new SqlOptions { MostRequests = long.MaxValue, IsFresh = true, Progress = progress.Show }, time);
    }

    /// <summary>Requests so far.</summary>
    public long Requests { get; private set; }

    /// <summary>The rows of a query, column by column.</summary>
    /// <exception cref="SluiceException">Customer.io refuses, or a value would be lost.</exception>
    public async IAsyncEnumerable<JsonObject> RowsAsync(string sql, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var result = await _session.QueryAsync(Statement(sql), cancel);
        Requests += result.Report.Requests;
        if (result.Report.Rejected > 0)
        {
            throw new SluiceException(
                SluiceErrorKind.Api,
                $"{result.Report.Rejected} values have another type than Sluice knows and would be lost: nothing was written.",
                "'sluice check --api' names them; please report them.");
        }

        while (await result.ReadAsync(cancel))
        {
            yield return Row(result.Reader);
        }
    }

    /// <summary>What a query costs.</summary>
    public Task<QueryReport> PriceAsync(string sql, CancellationToken cancel) => _session.ExplainAsync(Statement(sql), cancel);

    /// <summary>What tells the workspace of the key from others, as far as the APIs say.</summary>
    public async Task<BackupIndex> WorkspaceAsync(CustomerIoClient client, SourceAddress source, CancellationToken cancel)
    {
        var account = await AccountInfo.ReadAsync(client, cancel);
        Requests++;
        if (account.Mine is null && source.HasTrack)
        {
            account = await account.WithTrackAsync(client, cancel);
        }

        return new BackupIndex
        {
            Api = source.Client.BaseUrl?.Authority ?? (source.Client.Region == CustomerIoRegion.Eu ? "eu" : "us"),
            WorkspaceId = account.Mine?.Id ?? account.EnvironmentId,
            WorkspaceName = account.Mine?.Name,
            Kinds = [],
        };
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private static SqlStatement Statement(string sql) => SqlStatement.ParseAll(sql, new Dictionary<string, string?>(StringComparer.Ordinal))[0];

    private static JsonObject Row(DbDataReader reader)
    {
        var row = new JsonObject();
        for (var column = 0; column < reader.FieldCount; column++)
        {
            row[reader.GetName(column)] = reader.IsDBNull(column) ? null : reader.GetValue(column) switch
            {
                long number => number,
                bool flag => flag,
                var other => other.ToString(),
            };
        }

        return row;
    }
}
