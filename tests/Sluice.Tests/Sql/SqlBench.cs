using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Simulator;
using Sluice.Sql;
using Sluice.Sql.Tables;
using Sluice.Sql.Text;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Sql;

/// <summary>A pretend Customer.io, queries over it, and the same queries over all its rows, which an ingest has brought.</summary>
internal sealed class SqlBench : IAsyncDisposable
{
    /// <summary>Attributes that are columns of people in every query over all rows.</summary>
    public static readonly string[] Attributes = ["plan", "city", "score", "phone"];

    // What DuckDB 1.5.6 answers wrongly with them, for it also decides what is expected.
    private const string Simple = "join_filter_pushdown,filter_pushdown,cte_filter_pusher";

    private static readonly Dictionary<string, string?> NoParameters = new(StringComparer.Ordinal);

    private readonly IngestHarness _world;
    private readonly CustomerIoClient _client;

    private SqlBench(IngestHarness world)
    {
        _world = world;
        _client = world.Client();
        Session = Open(new SqlOptions { MostRequests = 100_000 });
    }

    public SqlSession Session { get; private set; }

    public IngestHarness World => _world;

    public long Requests => _client.Statistics.Requests;

    private DuckDBConnection? Truth { get; set; }

    public static async Task<SqlBench> StartAsync(SimulatorOptions options) => new(await IngestHarness.StartAsync(options));

    public async Task UseAsync(SqlOptions options)
    {
        await Session.DisposeAsync();
        Session = Open(options);
    }

    /// <summary>A session beside the bench's own, which whoever opens it closes.</summary>
    public SqlSession Open(SqlOptions options) => new(_client, options, TimeProvider.System);

    /// <summary>Brings all rows of some tables into a database of their own.</summary>
    public async Task IngestAsync(params string[] tables)
    {
        var made = SqlSession.Tables.All.Where(table => tables.Contains(Named(table), StringComparer.Ordinal)).ToList();
        var jobs = IngestHarness.Jobs([.. tables.Except(made.Where(table => !table.Options.IsEmpty).Select(Named), StringComparer.Ordinal)]);
        var drafts = made.Where(table => !table.Options.IsEmpty).Select(table => IngestHarness.Job(table.Source.ToString()) with
        {
            Table = table.Name,
            Options = table.Options,
            Resource = ConfiguredResource.With(table.Resource, table.Options, WhereFilter.None),
        });
        var report = await _world.IngestAsync(_world.Request([.. jobs, .. drafts]));
        Assert.Equal(0, report.ExitCode);
        Truth = new DuckDBConnection($"Data Source={_world.File}");
        await Truth.OpenAsync(TestContext.Current.CancellationToken);
        var views = made.Select(table => $"CREATE VIEW {DuckDBIdentifier.Quote(table.Name)} AS {SelectOf(table)}");
        await Truth.RunAsync(
            $"SET TimeZone = 'UTC'; SET disabled_optimizers = '{Simple}'; CREATE SCHEMA live; SET schema = 'live'; {string.Join(';', views)}",
            TestContext.Current.CancellationToken);
    }

    /// <summary>The table's name as an ingest takes it.</summary>
    public static string Named(LiveTable table) => table.Options.IsEmpty ? table.Source.ToString() : table.Name;

    /// <summary>The rows of a query as text, and what it has cost.</summary>
    public async Task<(IReadOnlyList<string> Rows, QueryReport Report)> AskAsync(
        string sql,
        IReadOnlyDictionary<string, string?>? parameters = null,
        SqlSession? session = null)
    {
        var statement = Assert.Single(SqlStatement.ParseAll(sql, parameters ?? NoParameters));
        await using var result = await (session ?? Session).QueryAsync(statement, TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await result.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(Text(result.Reader));
        }

        return (rows, result.Report);
    }

    public Task<QueryReport> ExplainAsync(string sql, SqlSession? session = null) =>
        (session ?? Session).ExplainAsync(Assert.Single(SqlStatement.ParseAll(sql, NoParameters)), TestContext.Current.CancellationToken);

    /// <summary>The rows of a query over everything.</summary>
    public IReadOnlyList<string> Expected(string sql)
    {
        using var command = Truth!.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(Text(reader));
        }

        return rows;
    }

    /// <summary>Whether DuckDB refuses the query whatever rows there are, or fails on one of them.</summary>
    public bool IsRefused(string sql) => ExpectedOrNull(sql) is null;

    /// <summary>Asserts that a query's answer is the one over all rows; gives what it has cost.</summary>
    public async Task<QueryReport> CheckAsync(string sql, SqlSession? session = null)
    {
        if (ExpectedOrNull(sql) is not { } expected)
        {
            var refused = await Assert.ThrowsAsync<SluiceException>(() => AskAsync(sql, session: session));
            Assert.Equal(SluiceErrorKind.Config, refused.Kind);
            return new QueryReport { Steps = [], LeastRequests = 0, LikelyRequests = 0, Requests = 0, Duration = TimeSpan.Zero };
        }

        var (rows, report) = await AskAsync(sql, session: session);
        Assert.True(
            expected.Order(StringComparer.Ordinal).SequenceEqual(rows.Order(StringComparer.Ordinal), StringComparer.Ordinal),
            $"{sql}\nexpected {expected.Count} rows, got {rows.Count}\n{Difference(expected, rows)}\n{Steps(report)}");
        return report;
    }

    public static string Steps(QueryReport report) =>
        string.Join('\n', report.Steps.Select(step => $"{step.Table}: {step.How} ({step.Requests} requests, {step.Rows} rows)"));

    public async ValueTask DisposeAsync()
    {
        if (Truth is not null)
        {
            await Truth.DisposeAsync();
        }

        await Session.DisposeAsync();
        _client.Dispose();
        await _world.DisposeAsync();
    }

    private IReadOnlyList<string>? ExpectedOrNull(string sql)
    {
        try
        {
            return Expected(sql);
        }
        catch (DuckDBException)
        {
            return null;
        }
    }

    private static string Difference(IReadOnlyList<string> expected, IReadOnlyList<string> rows) =>
        $"missing: {string.Join(" / ", expected.Except(rows, StringComparer.Ordinal).Take(3))}\n"
        + $"too much: {string.Join(" / ", rows.Except(expected, StringComparer.Ordinal).Take(3))}";

    // People have their attributes in a table of their own there.
    private static string SelectOf(LiveTable table)
    {
        if (table.Name != "customers")
        {
            return $"SELECT {string.Join(", ", table.Columns.Select(column => DuckDBIdentifier.Quote(column.Name)))} FROM customerio.{table.Name}";
        }

        var own = table.Resource.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var columns = table.Columns.Select(column => own.Contains(column.Name) ? $"c.{column.Name}" : $"a.{column.Name}");
        var attributes = Attributes.Select(name => $"a.attributes->>'{name}' AS {DuckDBIdentifier.Quote(name)}");
        return $"SELECT {string.Join(", ", [.. columns, .. attributes])} "
            + "FROM customerio.customers c JOIN customerio.customer_attributes a USING (cio_id)";
    }

    private static string Text(System.Data.Common.DbDataReader reader)
    {
        var text = new StringBuilder();
        for (var place = 0; place < reader.FieldCount; place++)
        {
            text.Append(reader.IsDBNull(place) ? "NULL" : Convert.ToString(reader.GetValue(place), CultureInfo.InvariantCulture)).Append('|');
        }

        return text.ToString();
    }
}
