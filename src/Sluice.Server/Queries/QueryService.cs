using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Server.Pipelines;
using Sluice.Server.Runs;
using Sluice.Settings.Pipelines;
using Sluice.Sql;
using Sluice.Sql.Text;

namespace Sluice.Server.Queries;

/// <summary>
/// Answers SQL of people and programs from the live API of the pipeline's workspaces; it changes nothing, and shares the workspaces' request budgets
/// with all runs.
/// </summary>
internal sealed class QueryService(PipelineStore pipelines, WorkspaceBudgets budgets, ServerOptions options) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // Each has a DuckDB of its own.
    private readonly SemaphoreSlim _places = new(4);

    /// <summary>The names of the workspaces that can be asked.</summary>
    public async Task<IReadOnlyList<string>> WorkspacesAsync(CancellationToken cancel) =>
        [.. Askable((await pipelines.ReadAsync(cancel)).File).Select(workspace => workspace.Name)];

    /// <summary>Says what a query costs.</summary>
    /// <exception cref="SluiceException">The query is wrong, or there is no such workspace.</exception>
    public Task<QueryReport> PriceAsync(QueryQuestion question, CancellationToken cancel) =>
        UseAsync(question, (session, statement, stop) => session.ExplainAsync(statement, stop), cancel);

    /// <summary>Answers a query.</summary>
    /// <exception cref="SluiceException">The query is wrong, changes something or is too expensive, or Customer.io refuses.</exception>
    public Task<QueryAnswer> AskAsync(QueryQuestion question, CancellationToken cancel) => UseAsync(
        question,
        async (session, statement, stop) =>
        {
            if (statement.Kind != StatementKind.Query)
            {
                throw new SluiceException(SluiceErrorKind.Config, "Only a query has rows.", "Leave EXPLAIN out, or ask for the price.");
            }

            await using var result = await session.QueryAsync(statement, stop);
            return await QueryAnswer.ReadAsync(result, question.MostRows, stop);
        },
        cancel);

    public void Dispose() => _places.Dispose();

    /// <summary>Gives a query a session with its workspace, within the limits that hold for all queries.</summary>
    /// <exception cref="SluiceException">It is not one statement, or there is no such workspace, or it takes too long.</exception>
    public async Task<T> UseAsync<T>(
        QueryQuestion question, Func<SqlSession, SqlStatement, CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        if (SqlStatement.ParseAll(question.Sql, new Dictionary<string, string?>(StringComparer.Ordinal)) is not [var statement])
        {
            throw new SluiceException(
                SluiceErrorKind.Config, "This is not one statement.", "Send one query at a time, as in SELECT id FROM campaigns");
        }

        var workspace = Find((await pipelines.ReadAsync(cancel)).File, question.Workspace);
        await _places.WaitAsync(cancel);
        try
        {
            using var patience = new CancellationTokenSource(Patience, options.Time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
            using var client = options.OpenClient(workspace.Source!, budgets.Of(workspace));
            await using var session = new SqlSession(client, OptionsOf(workspace, question), options.Time);
            return await work(session, statement, stop.Token);
        }
        catch (CustomerIoException error)
        {
            throw SluiceException.From(error);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"The query took longer than {Patience.TotalMinutes} minutes and was stopped.");
        }
        finally
        {
            _places.Release();
        }
    }

    private SqlOptions OptionsOf(PipelineWorkspace workspace, QueryQuestion question) => new()
    {
        MostRequests = question.MostRequests,
        CacheFolder = workspace.Source!.QueryCacheIn(options.WorkFolder),
    };

    private static IEnumerable<PipelineWorkspace> Askable(PipelineFile file) => file.Syncs.SelectMany(sync => sync.Workspaces)
        .Concat(file.Pushes.Select(push => push.Workspace))
        .Where(workspace => workspace.Source is not null)
        .DistinctBy(workspace => workspace.Name, StringComparer.Ordinal);

    private static PipelineWorkspace Find(PipelineFile file, string? name)
    {
        var all = Askable(file).ToList();
        return (name is null ? all is [var only] ? only : null : all.Find(workspace => workspace.Name == name))
            ?? throw new SluiceException(
                SluiceErrorKind.Config,
                name is null && all.Count > 0 ? "There are several workspaces."
                    : $"There is no workspace{(name is null ? "" : $" '{name}'")} that can be asked.",
                all.Count == 0 ? "The pipeline needs a sync, and the variables of its workspace."
                    : $"Name one: {string.Join(", ", all.Select(workspace => workspace.Name))}.");
    }
}

/// <summary>A query that somebody asks.</summary>
/// <param name="Sql">One statement.</param>
internal sealed record QueryQuestion(string Sql)
{
    /// <summary>The workspace; null for the only one.</summary>
    public string? Workspace { get; init; }

    /// <summary>Requests that it may take.</summary>
    public long MostRequests { get; init; } = 1000;

    /// <summary>Rows that are wanted.</summary>
    public int MostRows { get; init; } = 1000;
}

/// <summary>The rows of an answer.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The rows, as many as were wanted.</param>
/// <param name="HasMore">Whether there are more.</param>
/// <param name="Report">What it has cost.</param>
internal sealed record QueryAnswer(IReadOnlyList<QueryColumn> Columns, IReadOnlyList<object?[]> Rows, bool HasMore, QueryReport Report)
{
    public static async Task<QueryAnswer> ReadAsync(QueryResult result, int most, CancellationToken cancel)
    {
        var reader = result.Reader;
        QueryColumn[] columns =
        [
            .. Enumerable.Range(0, reader.FieldCount)
                .Select(place => new QueryColumn(reader.GetName(place), result.TypeOf(place), result.IsJson(place))),
        ];
        var rows = new List<object?[]>();
        var hasMore = false;
        while (!hasMore && await result.ReadAsync(cancel))
        {
            hasMore = rows.Count == most;
            if (!hasMore)
            {
                rows.Add([.. columns.Select((_, place) => Kept(reader.IsDBNull(place) ? null : reader.GetValue(place)))]);
            }
        }

        return new QueryAnswer(columns, rows, hasMore, result.Report);
    }

    // A stream is of the row that is read now.
    private static object? Kept(object? value) => value is Stream ? ValueText.Of(value) : value;
}

/// <summary>A column of an answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in SQL, if DuckDB tells it.</param>
/// <param name="IsJson">Whether its texts are JSON.</param>
internal sealed record QueryColumn(string Name, string? Type, bool IsJson);
