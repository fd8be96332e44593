using Microsoft.AspNetCore.Http;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Server.Dashboard.Places;
using Sluice.Server.Runs;
using Sluice.Sql;
using Sluice.Sql.Text;

namespace Sluice.Server.Dashboard.Query;

/// <summary>Answers queries of the browser within limits, under the budgets that runs use as well.</summary>
internal sealed class QueryDesk(PlaceReader places, ServerOptions options, WorkspaceBudgets budgets, TimeProvider time) : IDisposable
{
    /// <summary>Rows on the page.</summary>
    public const int MostRows = 500;

    /// <summary>Rows of a download.</summary>
    public const int MostLines = 1_000_000;

    /// <summary>Requests of a query.</summary>
    public const int MostRequests = 1000;

    /// <summary>How long a query may take.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private const int AtOnce = 4;

    private readonly SemaphoreSlim _places = new(AtOnce);

    /// <summary>What a query costs.</summary>
    public Task<QueryReport> PriceAsync(AskedQuery asked, CancellationToken cancel) =>
        WithSessionAsync(asked, (session, statement, stop) => session.ExplainAsync(statement, stop), cancel);

    /// <summary>The first rows of a query.</summary>
    public Task<QueryRows> RowsAsync(AskedQuery asked, CancellationToken cancel) => WithSessionAsync(
        asked,
        async (session, statement, stop) =>
        {
            await using var result = await session.QueryAsync(statement, stop);
            var rows = new List<IReadOnlyList<string?>>();
            var isMore = false;
            while (!isMore && await result.ReadAsync(stop))
            {
                isMore = rows.Count == MostRows;
                if (!isMore)
                {
                    rows.Add([.. ValuesOf(result).Select(ValueText.Of)]);
                }
            }

            return new QueryRows(NamesOf(result), [.. NamesOf(result).Select((_, place) => IsNumber(result, place))], rows, isMore, result.Report);
        },
        cancel);

    /// <summary>Writes the rows of a query as they come.</summary>
    public Task<long> WriteCsvAsync(AskedQuery asked, HttpResponse response, CancellationToken cancel) => WithSessionAsync(
        asked,
        async (session, statement, stop) =>
        {
            await using var result = await session.QueryAsync(statement, stop);
            response.ContentType = "text/csv; charset=utf-8";
            response.Headers.ContentDisposition = "attachment; filename=\"rows.csv\"";
            await using var text = new StreamWriter(response.Body, leaveOpen: true);
            await text.WriteAsync(CsvLine.Of(NamesOf(result)));
            var lines = 0L;
            while (lines < MostLines && await result.ReadAsync(stop))
            {
                await text.WriteAsync(CsvLine.Of(ValuesOf(result)));
                lines++;
            }

            return lines;
        },
        cancel);

    public void Dispose() => _places.Dispose();

    private async Task<T> WithSessionAsync<T>(
        AskedQuery asked, Func<SqlSession, SqlStatement, CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        var statement = Statement(asked.Sql);
        var workspace = await FindAsync(asked.Workspace, cancel);
        if (!await _places.WaitAsync(TimeSpan.Zero, cancel))
        {
            throw new SluiceException(SluiceErrorKind.Config, $"{AtOnce} queries are being answered already.", "Try it again in a while.");
        }

        try
        {
            using var patience = new CancellationTokenSource(Longest, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
            using var client = options.OpenClient(workspace.Source!, budgets.Of(workspace));
            var settings = new SqlOptions { MostRequests = MostRequests, CacheFolder = workspace.Source!.QueryCacheIn(options.WorkFolder) };
            await using var session = new SqlSession(client, settings, time);
            return await work(session, statement, either.Token);
        }
        catch (CustomerIoException error)
        {
            throw SluiceException.From(error);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"It was not answered within {NumberFormat.Span(Longest)}.", "Its price tells why.");
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<Settings.Pipelines.PipelineWorkspace> FindAsync(string name, CancellationToken cancel)
    {
        var place = (await places.WorkspacesAsync(cancel)).FirstOrDefault(one => one.Workspace.Name == name)
            ?? throw new SluiceException(SluiceErrorKind.Config, $"There is no workspace '{name}'.");
        return await places.KeyedAsync(place, cancel)
            ?? throw new SluiceException(SluiceErrorKind.Config, $"The workspace {name} can't be asked: a variable that it needs is not set.");
    }

    private static SqlStatement Statement(string sql)
    {
        var statements = SqlStatement.ParseAll(sql, new Dictionary<string, string?>(StringComparer.Ordinal));
        return statements switch
        {
            [] => throw new SluiceException(SluiceErrorKind.Config, "There is no query.", "For example: SELECT id, name FROM campaigns"),
            [{ WriteVerb: null, Kind: not StatementKind.Transaction } only] => only,
            [{ WriteVerb: var verb }] => throw new SluiceException(
                SluiceErrorKind.Config,
                $"{verb ?? "A transaction"} is not carried out here: this page only reads.",
                "'sluice query' changes things, and shows each call first with --dry-run."),
            _ => throw new SluiceException(SluiceErrorKind.Config, "One query at a time is answered here."),
        };
    }

    private static string[] NamesOf(QueryResult result) => [.. Enumerable.Range(0, result.Reader.FieldCount).Select(result.Reader.GetName)];

    private static object?[] ValuesOf(QueryResult result) =>
        [.. Enumerable.Range(0, result.Reader.FieldCount).Select(place => result.Reader.IsDBNull(place) ? null : result.Reader.GetValue(place))];

    private static bool IsNumber(QueryResult result, int place) =>
        Type.GetTypeCode(result.Reader.GetFieldType(place)) is >= TypeCode.SByte and <= TypeCode.Decimal
        || result.Reader.GetFieldType(place) == typeof(System.Numerics.BigInteger);
}

/// <summary>The first rows of a query.</summary>
/// <param name="Names">The columns.</param>
/// <param name="IsNumber">Which of them are numbers.</param>
/// <param name="Rows">The rows as text.</param>
/// <param name="IsMore">Whether there are more.</param>
/// <param name="Report">What it has cost.</param>
internal sealed record QueryRows(
    IReadOnlyList<string> Names, IReadOnlyList<bool> IsNumber, IReadOnlyList<IReadOnlyList<string?>> Rows, bool IsMore, QueryReport Report);
