using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Faults;

/// <summary>Troubles that stay: the table keeps its old rows, the others come through, and the report says what to do.</summary>
public sealed class LastingTroubleTests(LastingTroubleTests.Newsletters read) : IClassFixture<LastingTroubleTests.Newsletters>
{
    [Theory]
    [InlineData("500", ExitCode.Api, "500")]
    [InlineData("502", ExitCode.Api, "502")]
    [InlineData("503", ExitCode.Api, "503")]
    [InlineData("504", ExitCode.Api, "504")]
    [InlineData("408", ExitCode.Api, "408")]
    [InlineData("429", ExitCode.Api, "429")]
    [InlineData("400", ExitCode.Api, "400")]
    [InlineData("422", ExitCode.Api, "422")]
    [InlineData("404", ExitCode.Api, "404")]
    [InlineData("403", ExitCode.Forbidden, "scope")]
    [InlineData("401", ExitCode.Auth, "key")]
    [InlineData("reset", ExitCode.Api, "lost its connection")]
    [InlineData("cut-body", ExitCode.Api, "cut off")]
    [InlineData("cut-gzip", ExitCode.Api, "not JSON")]
    [InlineData("html-error", ExitCode.Api, "502")]
    [InlineData("html-error:200", ExitCode.Api, "text/html")]
    [InlineData("invalid-json", ExitCode.Api, "not JSON")]
    [InlineData("broken-utf8", ExitCode.Api, "not JSON")]
    [InlineData("empty-body", ExitCode.Api, "0 bytes")]
    [InlineData("bare-list", ExitCode.Api, "the root is an array")]
    [InlineData("missing-root", ExitCode.Api, "root keys `newsletters`")]
    [InlineData("wrong-datacenter", ExitCode.Auth, "region=eu")]
    [InlineData("wrong-datacenter:401", ExitCode.Auth, "region=eu")]
    public async Task What_stays_leaves_the_old_rows_and_says_what_it_is(string kind, int code, string words)
    {
        var faults = read.Faults;
        await faults.SetAsync($"{kind}/v1/newsletters*");
        await faults.ChangeAsync(new { op = "update-newsletter", id = 13, name = kind });
        var report = await faults.IngestAsync("newsletters");
        Assert.Equal(code, report.ExitCode);
        var table = Assert.Single(report.Tables);
        Assert.Equal(TableOutcome.Failed, table.Outcome);
        Assert.Contains(words, $"{table.Error} {table.Hint}", StringComparison.OrdinalIgnoreCase);
        Assert.Contains("/v1/newsletters", table.Error, StringComparison.Ordinal);
        Assert.Equal(230L, faults.Bench.Query($"SELECT count(*) FROM customerio.newsletters WHERE name <> '{kind}'")[0][0]);
        await faults.SetAsync();
        faults.AssertDone(await faults.IngestAsync("newsletters"), "newsletters");
    }

    [Fact]
    public async Task A_list_that_fails_for_good_on_a_later_page_shows_none_of_it_and_goes_on_there()
    {
        await using var faults = await FaultHarness.StartAsync("500/v1/newsletters*");
        await faults.SetAsync([.. Enumerable.Range(2, 40).Select(number => $"500#{number}/v1/newsletters*")]);
        var report = await faults.IngestAsync("campaigns", "newsletters");
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.Equal([TableOutcome.Done, TableOutcome.Failed], report.Tables.Select(table => table.Outcome));
        Assert.False(faults.HasTable("newsletters"));
        faults.AssertExact("campaigns");
        await faults.SetAsync();
        var rest = await faults.IngestAsync("newsletters");
        faults.AssertDone(rest, "newsletters");
        Assert.True(rest.Tables[0].Resumed);
        Assert.Equal(2, rest.Tables[0].Requests);
    }

    [Fact]
    public async Task A_key_that_is_revoked_in_the_middle_ends_with_3_and_the_next_run_goes_on()
    {
        await using var faults = await FaultHarness.StartAsync("401#2,#3,#4,#5/v1/newsletters*");
        var report = await faults.IngestAsync("campaigns", "newsletters", "segments");
        Assert.Equal(ExitCode.Auth, report.ExitCode);
        Assert.Equal([TableOutcome.Done, TableOutcome.Failed, TableOutcome.Done], report.Tables.Select(table => table.Outcome));
        Assert.Equal(SluiceErrorKind.Auth, report.Tables[1].ErrorKind);
        faults.AssertExact("campaigns", "segments");
        Assert.False(faults.HasTable("newsletters"));
        Assert.Single(faults.Attempts, attempt => attempt.Status == 401);
        await faults.SetAsync();
        var rest = await faults.IngestAsync("campaigns", "newsletters", "segments");
        faults.AssertDone(rest, "campaigns", "newsletters", "segments");
        Assert.True(rest.Tables[1].Resumed);
        Assert.Equal(2, rest.Tables[1].Requests);
    }

    [Fact]
    public async Task The_other_datacenter_is_named_and_never_shown_the_key()
    {
        await using var faults = await FaultHarness.StartAsync("wrong-datacenter");
        var error = await Assert.ThrowsAsync<SluiceException>(() => faults.IngestAsync("campaigns"));
        Assert.Equal(ExitCode.Auth, ExitCode.Of(error.Kind));
        Assert.StartsWith(
            "The account is in region eu: set CUSTOMERIO_REGION=eu, region: eu in sluice.yaml or region=eu in the address",
            error.Hint,
            StringComparison.Ordinal);
        Assert.Single(faults.Attempts);
        Assert.All(faults.Hosts, host => Assert.Equal("127.0.0.1", host));
        Assert.False(faults.HasTable("campaigns"));
    }

    [Fact]
    public async Task A_server_that_hangs_for_good_ends_the_run_with_5()
    {
        await using var faults = await FaultHarness.StartAsync("hang:1h/v1/campaigns");
        faults.Time = TimeProvider.System;
        faults.Options = options => options with { AttemptTimeout = TimeSpan.FromMilliseconds(200), MaxAttempts = 2 };
        var report = await faults.IngestAsync("campaigns");
        Assert.Equal(ExitCode.Api, report.ExitCode);
        Assert.Contains("gave no complete answer within 0.2 s after 2 attempts", report.Tables[0].Error, StringComparison.Ordinal);
        Assert.Equal(2, faults.Attempts.Count(attempt => attempt.Error == CustomerIoErrorKind.Timeout));
    }

    [Fact]
    public async Task A_parent_that_was_deleted_is_named_and_all_its_brothers_are_there()
    {
        await using var faults = await FaultHarness.StartAsync("deleted-parent/v1/campaigns/2/*");
        var report = await faults.IngestAsync("campaigns", "campaign_actions");
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.Contains("campaigns 2 is gone", Assert.Single(report.Tables[1].Skipped), StringComparison.Ordinal);
        var job = IngestHarness.Job("campaign_actions");
        Truth.AssertEqual(faults.Bench, job, faults.World.Rows("campaign_actions").Where(row => row.GetProperty("campaign_id").GetInt32() != 2));
    }

    /// <summary>An account whose newsletters have been read.</summary>
    public sealed class Newsletters : IAsyncLifetime
    {
        internal FaultHarness Faults { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Faults = await FaultHarness.StartAsync();
            Faults.AssertDone(await Faults.IngestAsync("newsletters"), "newsletters");
        }

        public ValueTask DisposeAsync() => Faults.DisposeAsync();
    }
}
