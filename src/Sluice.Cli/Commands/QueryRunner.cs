using Sluice.Cli.Output;
using Sluice.Cli.Output.Results;
using Sluice.CustomerIo;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Sql;
using Sluice.Sql.Dml;
using Sluice.Sql.Text;

namespace Sluice.Cli.Commands;

/// <summary>Answers statements one after another, for the command and for the shell.</summary>
internal sealed class QueryRunner : IAsyncDisposable
{
    private readonly CommandRun _run;
    private readonly CustomerIoClient _client;
    private readonly SqlOptions _options;
    private readonly QueryProgressView _progress;
    private readonly SqlSession _session;

    private QueryRunner(CommandRun run, CustomerIoClient client, SqlOptions options, QueryProgressView progress)
    {
        (_run, _client, _options, _progress) = (run, client, options, progress);
        _session = new SqlSession(client, options, run.Host.Time);
    }

    public static QueryRunner Open(CommandRun run, CustomerIoClient client, SourceAddress source, QuerySettings settings, QueryProgressView progress)
    {
        var options = settings.Options with { Progress = progress.Show, CacheFolder = QueryOptions.CacheFolder(run, source) };
        if (options.CacheLifetime > TimeSpan.Zero)
        {
            WorkFolder.Prepare(Path.Combine(run.Host.Folder, run.Host.Settings.WorkFolder));
        }

        return new QueryRunner(run, client, options, progress);
    }

    /// <summary>How long so many requests take at the workspace's rate.</summary>
    public TimeSpan TimeOf(long requests) => TimeSpan.FromSeconds(requests / _client.Budget.RequestsPerSecond);

    /// <summary>The same for a query that may take any number of requests; it uses what was fetched, too.</summary>
    public QueryRunner WithoutLimit() => new(_run, _client, _options with { MostRequests = long.MaxValue }, _progress);

    /// <summary>What carries out the statements that change something.</summary>
    public StatementWriter Writer(SourceAddress source, WriteSettings settings) => new(_session, source, settings, _run);

    /// <summary>Answers a statement or carries it out; gives the exit code.</summary>
    public async Task<int> RunAsync(SqlStatement statement, StatementWriter writer, QuerySettings settings, CancellationToken cancel)
    {
        if (StatementRunner.Takes(statement))
        {
            return await writer.RunAsync(statement, settings, cancel);
        }

        await AnswerAsync(statement, settings, cancel);
        return ExitCode.Done;
    }

    /// <summary>Answers a query and says what it has cost.</summary>
    public async Task<QueryReport> AnswerAsync(SqlStatement statement, QuerySettings settings, CancellationToken cancel)
    {
        if (statement.Kind == StatementKind.Explain)
        {
            return await PriceAsync(statement, settings, cancel);
        }

        _progress.Begin();
        await using var result = await _session.QueryAsync(statement, cancel);
        var rows = statement.Kind == StatementKind.ExplainAnalyze ? await DrainAsync(result, cancel)
            : settings.Output is { } output ? await output.WriteAsync(result, cancel)
            : await RowWriter.WriteAsync(result, settings.Format, _run.Host.Out, cancel);
        if (statement.Kind == StatementKind.ExplainAnalyze)
        {
            await WritePriceAsync(result.Report, settings);
        }

        _progress.Finish(result.Report, rows);
        return result.Report;
    }

    /// <summary>Writes what a statement costs.</summary>
    public async Task<QueryReport> PriceAsync(SqlStatement statement, QuerySettings settings, CancellationToken cancel)
    {
        var report = await _session.ExplainAsync(statement, cancel);
        await WritePriceAsync(report, settings);
        return report;
    }

    /// <summary>Writes what a query costs, or has cost.</summary>
    public Task WritePriceAsync(QueryReport report, QuerySettings settings) =>
        _run.Host.Out.WriteAsync(settings.IsJson ? QueryPriceView.Json(report) : QueryPriceView.Text(report));

    /// <summary>The rows of a query that costs no request.</summary>
    public async Task<QueryResult> RowsAsync(string sql, CancellationToken cancel) =>
        await _session.QueryAsync(SqlStatement.ParseAll(sql, new Dictionary<string, string?>(StringComparer.Ordinal))[0], cancel);

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private static async Task<long> DrainAsync(QueryResult result, CancellationToken cancel)
    {
        var rows = 0L;
        while (await result.ReadAsync(cancel))
        {
            rows++;
        }

        return rows;
    }
}
