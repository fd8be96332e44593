using Sluice.Engine;
using Sluice.Simulator;
using Sluice.Sql;
using Xunit;

namespace Sluice.Tests.Sql;

/// <summary>Rows that are kept for later queries, of this process and of others, and rows that do not fit into memory.</summary>
public sealed class QueryCacheTests : IAsyncLifetime
{
    private const string Sql = "SELECT campaign_id, count(*) FROM campaign_actions WHERE campaign_id < 4 GROUP BY 1 ORDER BY 1";

    private SqlBench _bench = null!;

    private string Folder => Path.Combine(_bench.World.WorkFolder, "cache");

    public async ValueTask InitializeAsync() => _bench = await SqlBench.StartAsync(new SimulatorOptions
    {
        Customers = 40,
        Messages = 100,
        Campaigns = 5,
        ActionsOfEachCampaign = 2,
        RequestsPerSecond = 0,
        FreezeClock = true,
    });

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_reading_that_fails_is_not_kept()
    {
        await _bench.UseAsync(new SqlOptions { CacheFolder = Folder });
        await _bench.World.FaultsAsync("400#2/v1/campaigns/*");
        await Assert.ThrowsAsync<SluiceException>(() => _bench.AskAsync(Sql));
        await _bench.World.FaultsAsync();

        var (rows, report) = await _bench.AskAsync(Sql);

        Assert.Equal(["1|2|", "2|2|", "3|2|"], rows);
        Assert.Equal(4, report.Requests);
    }

    [Fact]
    public async Task The_age_of_kept_rows_is_told_by_this_machines_clock_whatever_the_workspaces_says()
    {
        await using var bench = await SqlBench.StartAsync(new SimulatorOptions
        {
            Customers = 20,
            Messages = 60,
            RequestsPerSecond = 0,
            Now = DateTimeOffset.UtcNow.AddHours(-2),
            FreezeClock = true,
        });
        await bench.UseAsync(new SqlOptions { CacheFolder = Path.Combine(bench.World.WorkFolder, "cache") });
        await bench.AskAsync("SELECT count(*) FROM messages");

        var (_, report) = await bench.AskAsync("SELECT count(*) FROM messages");

        var age = report.Steps.Max(step => step.Age);
        Assert.NotNull(age);
        Assert.InRange(age.Value, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task What_another_process_has_not_finished_keeping_is_not_used()
    {
        await _bench.UseAsync(new SqlOptions { CacheFolder = Folder });
        var (rows, _) = await _bench.AskAsync(Sql);
        foreach (var entry in Directory.GetFiles(Folder, "entry.json", SearchOption.AllDirectories))
        {
            File.Delete(entry);
        }

        var (again, report) = await _bench.AskAsync(Sql);

        Assert.Equal(rows, again);
        Assert.Equal(4, report.Requests);
    }

    [Fact]
    public async Task Several_that_keep_the_same_at_once_all_have_their_rows()
    {
        using var client = _bench.World.Client();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var session = new SqlSession(client, new SqlOptions { CacheFolder = Folder }, TimeProvider.System);
            var statement = Sluice.Sql.Text.SqlStatement.ParseAll(Sql, new Dictionary<string, string?>(StringComparer.Ordinal))[0];
            await using var result = await session.QueryAsync(statement, TestContext.Current.CancellationToken);
            var rows = 0;
            while (await result.ReadAsync(TestContext.Current.CancellationToken))
            {
                rows++;
            }

            return rows;
        }));

        Assert.Equal([3, 3, 3, 3], answers);
        await _bench.UseAsync(new SqlOptions { CacheFolder = Folder });
        Assert.Equal(0, (await _bench.AskAsync(Sql)).Report.Requests);
    }

    [Fact]
    public async Task What_is_kept_has_all_columns_whatever_was_asked()
    {
        await _bench.UseAsync(new SqlOptions { CacheFolder = Folder });
        await _bench.AskAsync("SELECT id FROM campaigns");

        var (rows, report) = await _bench.AskAsync("SELECT count(*), count(name), count(state), count(created) FROM campaigns");

        Assert.Equal(["5|5|5|5|"], rows);
        Assert.Equal(0, report.Requests);
    }

    [Fact]
    public async Task A_failed_key_and_a_whole_list_are_kept_apart()
    {
        await _bench.UseAsync(new SqlOptions { CacheFolder = Folder });

        Assert.Equal(["0|"], (await _bench.AskAsync("SELECT count(*) FROM campaign_actions WHERE campaign_id = 4711")).Rows);
        Assert.Equal(["10|"], (await _bench.AskAsync("SELECT count(*) FROM campaign_actions")).Rows);
        Assert.Equal(["2|"], (await _bench.AskAsync("SELECT count(*) FROM campaign_actions WHERE campaign_id = 1")).Rows);
    }

    [Fact]
    public async Task The_same_is_asked_once_in_a_query_wherever_it_stands()
    {
        var (_, report) = await _bench.AskAsync(
            "SELECT id FROM campaigns UNION ALL SELECT id FROM campaigns WHERE state = 'running' UNION ALL SELECT max(id) FROM campaigns");

        Assert.Equal(1, report.Requests);
        Assert.Equal(report.Requests, _bench.Requests);
    }

    [Fact]
    public async Task An_answer_that_does_not_fit_into_memory_is_put_aside()
    {
        // More than twice what DuckDB may take, sorted.
        var (rows, _) = await _bench.AskAsync(
            "SELECT count(*), max(n) FROM (SELECT t, row_number() OVER (ORDER BY hash(i)) AS n "
                + "FROM (SELECT i, repeat(i::VARCHAR, 30) AS t FROM range(2500000) r(i)))");

        Assert.Equal(["2500000|2500000|"], rows);
    }
}
