using Sluice.Engine;
using Sluice.Simulator;
using Sluice.Sql;
using Xunit;

namespace Sluice.Tests.Sql;

/// <summary>Attributes of people as columns, and how people and their rows are asked for.</summary>
public sealed class PeopleColumnsTests : IAsyncLifetime
{
    private SqlBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await SqlBench.StartAsync(new SimulatorOptions
    {
        Customers = 300,
        Messages = 300,
        Activities = 200,
        Campaigns = 5,
        RequestsPerSecond = 0,
        FreezeClock = true,
    });

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Attributes_are_columns_for_a_request_the_first_time()
    {
        var (expected, _) = await _bench.AskAsync(
            "SELECT attributes->>'plan' AS p, count(*) FROM customers WHERE (attributes->>'city') = 'Zürich' GROUP BY 1");
        var (rows, first) = await _bench.AskAsync("SELECT plan, count(*) FROM customers WHERE city = 'Zürich' GROUP BY 1");
        var (again, second) = await _bench.AskAsync(
            "SELECT c.plan, (SELECT count(*) FROM customers z WHERE z.plan = c.plan AND z.city = 'Zürich') "
                + "FROM customers c WHERE c.city = 'Zürich' GROUP BY 1");

        Assert.Equal(expected.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
        Assert.Equal(expected.Order(StringComparer.Ordinal), again.Order(StringComparer.Ordinal));
        Assert.Equal("whether anybody has city and plan", first.Steps[0].How);
        Assert.DoesNotContain(second.Steps, step => step.How.StartsWith("whether", StringComparison.Ordinal));
        Assert.Equal(["city"], first.Steps[1].Pushed);
    }

    [Fact]
    public async Task Attributes_are_written_as_they_are_and_a_column_of_the_table_comes_first()
    {
        var (rows, _) = await _bench.AskAsync("SELECT \"Name\", id, attributes->>'name' FROM customers WHERE \"Name\" IS NOT NULL");
        Assert.Equal(["Upper|case|lower|"], rows);
        Assert.Equal(["Zoë|"], (await _bench.AskAsync("SELECT prénom FROM customers WHERE prénom IS NOT NULL")).Rows);
        var names = (await _bench.AskAsync("DESCRIBE customers")).Rows.Select(row => row.Split('|')[0]);
        Assert.Equal(["cio_id", "id", "email", "unsubscribed", "attributes", "timestamps", "devices", "identifiers"], names);
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_a_mistake()
    {
        var error = await Assert.ThrowsAsync<SluiceException>(() => _bench.AskAsync("SELECT emial FROM customers WHERE city = 'Zürich'"));

        Assert.Contains("Referenced column \"emial\" not found", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"email\"", error.Message, StringComparison.Ordinal);
        Assert.Equal("Nobody has an attribute emial, either.", error.Hint);
        Assert.Equal(3, _bench.Requests);
        await Assert.ThrowsAsync<SluiceException>(() => _bench.AskAsync("SELECT c.nam FROM campaigns c JOIN customers p ON p.id = c.name"));
        Assert.Equal(3, _bench.Requests);
    }

    [Fact]
    public async Task What_was_found_out_of_attributes_is_kept_for_later_commands()
    {
        var kept = new SqlOptions { CacheFolder = Path.Combine(_bench.World.WorkFolder, "cache") };
        const string sql = "SELECT plan, city FROM customers WHERE plan = 'pro'";
        await _bench.UseAsync(kept);
        Assert.Equal(2, (await _bench.ExplainAsync(sql)).Requests);
        Assert.Equal(0, (await _bench.ExplainAsync(sql)).Requests);
        Assert.Equal(2, (await _bench.AskAsync(sql)).Report.Requests);
        await _bench.UseAsync(kept);
        Assert.Equal(0, (await _bench.AskAsync(sql)).Report.Requests);
    }

    [Fact]
    public async Task Members_of_a_segment_are_searched_by_the_segment()
    {
        await _bench.IngestAsync("customers", "customer_attributes", "segment_memberships", "segments");
        await _bench.UseAsync(new SqlOptions { PrefersNarrowWays = true });

        var report = await _bench.CheckAsync(
            "SELECT c.id, c.email FROM customers c JOIN segment_memberships m ON m.cio_id = c.cio_id WHERE m.segment_id IN (1, 2)");

        Assert.Contains(report.Steps, step => step.Table == "customers" && step.How.StartsWith("members of segment", StringComparison.Ordinal));
        await _bench.CheckAsync("SELECT c.id FROM customers c JOIN segment_memberships m ON m.cio_id = c.cio_id WHERE m.segment_id = 4711");
    }

    [Fact]
    public async Task A_person_who_is_gone_keeps_rows_in_the_list_of_everybody()
    {
        await _bench.IngestAsync("activities", "messages");
        await _bench.UseAsync(new SqlOptions { PrefersNarrowWays = true, MostRequests = 1000 });

        var known = await _bench.CheckAsync("SELECT id FROM activities WHERE cio_id = 'd9c100000002'");
        var gone = await _bench.CheckAsync("SELECT id FROM activities WHERE cio_id IN ('d9c100000002', 'nobody')");

        Assert.Equal(1, known.Requests);
        Assert.Equal(["cio_id"], known.Steps[0].Pushed);
        Assert.True(gone.Requests > 2);
    }

    [Fact]
    public async Task Drafts_are_a_table_of_their_own()
    {
        await _bench.IngestAsync("messages", "message_drafts");

        await _bench.CheckAsync("SELECT id, type FROM message_drafts");
        await _bench.CheckAsync("SELECT id, created FROM message_drafts WHERE type = 'email' AND created > TIMESTAMPTZ '2025-06-01 00:00:00+00'");
        var (drafts, _) = await _bench.AskAsync("SELECT count(*) > 0, count(m.id) FROM message_drafts d LEFT JOIN messages m ON m.id = d.id");
        Assert.Equal(["True|0|"], drafts);
    }

    [Fact]
    public async Task Where_only_keys_are_used_Customer_io_counts()
    {
        await _bench.IngestAsync("segments", "segment_memberships");

        var report = await _bench.CheckAsync(
            "SELECT s.name, count(m.segment_id) FROM segments s LEFT JOIN segment_memberships m ON m.segment_id = s.id GROUP BY 1");

        Assert.Contains(report.Steps, step => step.How.EndsWith("counted by Customer.io", StringComparison.Ordinal));
        Assert.Equal(["0|"], (await _bench.AskAsync("SELECT count(*) FROM segment_memberships WHERE segment_id = 4711")).Rows);
        var both = await _bench.CheckAsync("SELECT count(*) FROM segment_memberships a JOIN segment_memberships b ON a.cio_id = b.cio_id");
        Assert.DoesNotContain(both.Steps, step => step.How.EndsWith("counted by Customer.io", StringComparison.Ordinal));
    }
}
