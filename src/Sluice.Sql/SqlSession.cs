using System.Diagnostics;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Sql.Dml;
using Sluice.Sql.Fetching;
using Sluice.Sql.Planning;
using Sluice.Sql.Tables;
using Sluice.Sql.Text;

namespace Sluice.Sql;

/// <summary>Answers SQL from the live API of one workspace; queries run one after another.</summary>
/// <param name="client">The way to the workspace.</param>
/// <param name="options">What holds for all queries.</param>
/// <param name="time">The clock, if Customer.io does not tell its own.</param>
public sealed class SqlSession(CustomerIoClient client, SqlOptions options, TimeProvider time) : IAsyncDisposable
{
    private static readonly Lazy<LiveTables> AllTables = new(() => new LiveTables(ResourceCatalog.Default));

    private readonly WorkspaceFacts _facts = new(client, time);
    private readonly AttributeNames _attributes = new(client);
    private readonly QueryFolder _folder = new();
    private InterruptibleConnection? _writer;

    /// <summary>The tables that can be queried.</summary>
    public static LiveTables Tables => AllTables.Value;

    /// <summary>The way to the workspace.</summary>
    internal CustomerIoClient Client => client;

    /// <summary>Removes what queries have kept: after a change in the workspace it is no longer what Customer.io has.</summary>
    /// <param name="cacheFolder">The folder of <see cref="SqlOptions.CacheFolder"/>.</param>
    public static void ForgetFetched(string cacheFolder) => new FragmentCache(cacheFolder, TimeSpan.Zero, TimeProvider.System).Clear();

    /// <summary>The same for this session.</summary>
    public void ForgetFetched()
    {
        if (options.CacheFolder is { } folder)
        {
            ForgetFetched(folder);
        }
    }

    /// <summary>Says what a query costs, for no request or for the few that tell it.</summary>
    /// <param name="statement">The query.</param>
    /// <param name="cancel">Stops between requests.</param>
    /// <exception cref="SluiceException">The query is wrong, or Customer.io refuses.</exception>
    public Task<QueryReport> ExplainAsync(SqlStatement statement, CancellationToken cancel) => PriceAsync(statement, QueryAim.Price, cancel);

    /// <summary>Says what is wrong with a statement that changes something, for no request; nothing of it is carried out.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="SluiceException">The statement is wrong (kind Config).</exception>
    public Task<QueryReport> CheckAsync(SqlStatement statement, CancellationToken cancel) => PriceAsync(statement, QueryAim.Guess, cancel);

    private async Task<QueryReport> PriceAsync(SqlStatement statement, QueryAim aim, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var planned = statement.WriteVerb is null ? statement : WriteStatement.Read(statement, Tables).Statement;
        await using var query = await PrepareAsync(planned, fetches: false, cancel);
        var run = new QueryRun(query.Context, query.Plan, aim);
        await RunAsync(run, cancel);
        return Report(query, run);
    }

    /// <summary>
    /// Plans a query and gives its columns for no request, or for the one that tells whether people have an attribute; the rows are those of empty
    /// tables.
    /// </summary>
    /// <param name="statement">The query.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="SluiceException">The query is wrong (kind Config).</exception>
    public async Task<QueryResult> DescribeAsync(SqlStatement statement, CancellationToken cancel)
    {
        RequireQuery(statement);
        var query = await PrepareAsync(statement, fetches: false, cancel);
        try
        {
            var run = new QueryRun(query.Context, query.Plan, QueryAim.Guess);
            await run.RunAsync(cancel);
            return new QueryResult(query, await query.Context.Database.RunAsync(cancel), Report(query, run));
        }
        catch
        {
            await query.DisposeAsync();
            throw;
        }
    }

    /// <summary>Fetches what a query needs and gives its rows.</summary>
    /// <param name="statement">The query.</param>
    /// <param name="cancel">Stops within a page.</param>
    /// <exception cref="SluiceException">The query is wrong or too expensive, or Customer.io refuses.</exception>
    public async Task<QueryResult> QueryAsync(SqlStatement statement, CancellationToken cancel)
    {
        RequireQuery(statement);
        var query = await PrepareAsync(statement, fetches: true, cancel);
        try
        {
            var run = new QueryRun(query.Context, query.Plan, QueryAim.Rows);
            await RunAsync(run, cancel);
            await PutInPlaceAsync(query, run, null, cancel);
            return new QueryResult(query, await query.Context.Database.RunAsync(cancel), Report(query, run));
        }
        catch
        {
            await query.DisposeAsync();
            throw;
        }
    }

    /// <summary>Finds out which calls a statement would make that changes something: it fetches what that needs, and sends nothing.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="cancel">Stops within a page.</param>
    /// <exception cref="SluiceException">Nothing does what the statement says, or reading for it is too expensive.</exception>
    public async Task<PlannedWrite> PlanWriteAsync(SqlStatement statement, CancellationToken cancel)
    {
        var write = WriteStatement.Read(statement, Tables);
        var query = await PrepareAsync(write.Statement, fetches: true, cancel);
        try
        {
            var table = write.Table is null ? null : query.Context.Tables.Find(write.Target);
            var run = new QueryRun(query.Context, write.Needs(query.Plan, table?.Attributes ?? []), QueryAim.Rows);
            await RunAsync(run, cancel);
            await PutInPlaceAsync(query, run, table, cancel);
            return await PlannedWrite.MakeAsync(write, query, Report(query, run), client, cancel);
        }
        catch
        {
            await query.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes what the session keeps.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }

        _folder.Dispose();
    }

    // What would run on the rows that were fetched must not look as if it had changed anything.
    private static void RequireQuery(SqlStatement statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        if (statement.WriteVerb is not null || statement.Kind == StatementKind.Transaction)
        {
            throw SqlStatement.Refused(statement.WriteVerb ?? statement.Tokens[0].Value.ToUpperInvariant());
        }
    }

    private static async Task RunAsync(QueryRun run, CancellationToken cancel)
    {
        try
        {
            await run.RunAsync(cancel);
        }
        catch (CustomerIoException error)
        {
            throw SluiceException.From(error);
        }
    }

    private static async Task PutInPlaceAsync(PreparedQuery query, QueryRun run, LiveTable? changed, CancellationToken cancel)
    {
        foreach (var table in run.Tables)
        {
            await query.Context.Fetched.DropDuplicatesAsync(table, query.Context.Folder.Next(), cancel);
            var rows = query.Context.Fetched.SelectOf(table);
            await (table == changed
                ? StatementCopy.FillAsync(query.Context.Database, table, rows, cancel)
                : query.Context.Database.ReplaceAsync(table, rows, cancel));
        }
    }

    private QueryReport Report(PreparedQuery query, QueryRun run) => new()
    {
        Steps = [.. new[] { query.NeedsClock ? _facts.ClockFor(run.Aim) : null, query.Attributes }.OfType<QueryStep>(), .. run.Steps],
        LeastRequests = run.Price.Least + (query.NeedsClock ? _facts.ClockFor(run.Aim).LeastRequests : 0),
        LikelyRequests = run.Price.Likely + (query.NeedsClock ? 1 : 0),
        Requests = query.Context.Spent,
        Duration = TimeSpan.FromSeconds(run.Price.Likely / client.Budget.RequestsPerSecond),
        Planning = query.Planning,
        Rejected = query.Context.Rejected,
        Notes = [.. query.Notes],
    };

    private async Task<PreparedQuery> PrepareAsync(SqlStatement statement, bool fetches, CancellationToken cancel)
    {
        var isWrite = statement.WriteVerb is not null;
        _folder.Keep();
        var folder = new QueryFolder();
        QueryDatabase? database = null;
        try
        {
            var begun = Stopwatch.GetTimestamp();
            (database, var plan) = await QueryDatabase.PlanAsync(statement, Tables, folder.Path, Opening(statement), cancel);
            var planning = Stopwatch.GetElapsedTime(begun);
            _writer ??= await QueryConnection.ConnectAsync(_folder.Path, cancel);
            var needsClock = !_facts.KnowsTime && plan.Scans.Any(IsUntilNow);
            if (fetches)
            {
                var guessed = new PreparedQuery(Context(database, _writer, folder, isWrite), plan) { Planning = planning, NeedsClock = needsClock };
                await RequireAffordableAsync(guessed, cancel);
            }

            var attributes = await _attributes.RequireAsync(database, options.IsFresh ? null : Cache(), isWrite, cancel);
            if (needsClock && fetches)
            {
                await _facts.AskAsync(cancel);
            }

            var context = Context(database, _writer, folder, isWrite);
            context.Spend(attributes?.Requests ?? 0);
            context.Spend(needsClock && fetches ? 1 : 0);
            return new PreparedQuery(context, plan) { Planning = planning, NeedsClock = needsClock, Attributes = attributes };
        }
        catch
        {
            await PreparedQuery.CloseAsync(database, folder);
            throw;
        }
    }

    private QueryOpening Opening(SqlStatement statement)
    {
        string?[] parts = [SystemTables.SqlFor(statement, Tables), WriteStatement.OpeningOf(statement, Tables)];
        return new QueryOpening(options.Attached, parts.OfType<string>().ToList() is { Count: > 0 } made ? string.Join(';', made) : null);
    }

    // What is too expensive for certain is told before the first request.
    private async Task RequireAffordableAsync(PreparedQuery query, CancellationToken cancel)
    {
        var guess = new QueryRun(query.Context, query.Plan, QueryAim.Guess);
        await guess.RunAsync(cancel);
        if (guess.Price.Least > options.MostRequests)
        {
            var table = guess.Steps.MaxBy(step => step.LeastRequests)!.Table;
            throw TooManyRequests.Before(table, guess.Price, 0, options.MostRequests, query.Context.Advice(table));
        }

        options.Planned?.Invoke(Report(query, guess));
    }

    private QueryContext Context(QueryDatabase database, InterruptibleConnection writer, QueryFolder folder, bool isWrite)
    {
        var now = _facts.Now;
        var lists = new ParentLists();
        QueryContext? context = null;
        return context = new QueryContext
        {
            Tables = database.Tables,
            Database = database,
            Folder = folder,
            Lists = lists,
            Lengths = _facts.Lengths,
            Now = now,
            MostRequests = options.MostRequests,
            Measure = _facts.MeasureAsync,
            Cache = Cache(),
            // What a change is computed from must be what is there now.
            TakesFromCache = !options.IsFresh && !isWrite,
            PrefersNarrowWays = options.PrefersNarrowWays,
            Fetched = new FetchedTables(writer),
            Pricing = new Pricing(database.Tables, lists, _facts.Lengths, now),
            Fetcher = new Fetcher(client, database.Tables, lists, writer)
            {
                Now = now,
                Progress = (reading, requests, rows) =>
                    options.Progress?.Invoke(new QueryProgress(reading.Table.Name, context!.Spent + requests, rows)),
            },
        };
    }

    private FragmentCache? Cache()
    {
        if (options.CacheFolder is not { } folder || options.CacheLifetime <= TimeSpan.Zero)
        {
            return null;
        }

        var cache = new FragmentCache(folder, options.CacheLifetime, time) { DecidesWays = options.CacheDecidesWays };
        cache.Clean();
        return cache;
    }

    // Only what ends now needs to know when that is: one request, once in a session.
    private static bool IsUntilNow(PlanScan scan) =>
        scan.Source.IsLive && Tables.Find(scan.Table) is { Resource: var resource }
        && (resource.TakesPeriod || (resource.Window is { } window && Conditions.RangeOf(scan, window.Column).To is null && scan.Limit is null));
}
