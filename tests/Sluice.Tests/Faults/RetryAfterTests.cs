using Sluice.CustomerIo;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Faults;

/// <summary>What a server may wish with Retry-After, in whole runs on a clock that jumps over every wait.</summary>
public sealed class RetryAfterTests
{
    [Theory]
    [InlineData("429:3", 3, 3)]
    [InlineData("429:0", 0, 0)]
    [InlineData("429:86400", 120, 120)]
    [InlineData("429:99999999999999999999", 0.5, 1)]
    [InlineData("429:Thu, 01 Jan 2037 00:00:00 GMT", 120, 120)]
    [InlineData("429:Thu, 01 Jan 2015 00:00:00 GMT", 0, 0)]
    [InlineData("429:-5", 0, 1)]
    [InlineData("429:soon", 0.5, 1)]
    [InlineData("429", 0.5, 1)]
    public async Task Any_wish_is_heeded_within_two_minutes_and_nothing_is_lost(string fault, double least, double most)
    {
        await using var faults = await FaultHarness.StartAsync($"{fault}#2/v1/newsletters*");
        var report = await faults.IngestAsync("newsletters");
        faults.AssertDone(report, "newsletters");
        Assert.Equal(1, report.RateLimited);
        Assert.InRange(Assert.Single(faults.Attempts, attempt => attempt.Status == 429).RetryIn!.Value.TotalSeconds, least, most);
    }

    [Theory]
    [InlineData("429:86400")]
    [InlineData("429:0")]
    [InlineData("429")]
    [InlineData("503:86400")]
    public async Task A_server_that_puts_off_for_ever_is_given_up_after_ten_minutes_with_words(string fault)
    {
        await using var faults = await FaultHarness.StartAsync($"{fault}/v1/newsletters*");
        var began = faults.Time.GetTimestamp();
        var report = await faults.IngestAsync("newsletters", "campaigns");
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        var table = report.Tables[0];
        Assert.Contains("GET /v1/newsletters was answered with", table.Error, StringComparison.Ordinal);
        Assert.Contains($"after {faults.Attempts.Count(attempt => attempt.Status is 429 or 503)} attempts", table.Error, StringComparison.Ordinal);
        Assert.All(faults.Attempts, attempt => Assert.True(attempt.RetryIn is null || attempt.RetryIn <= TimeSpan.FromSeconds(120)));
        Assert.InRange(faults.Time.GetElapsedTime(began), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(11));
        Assert.False(faults.HasTable("newsletters"));
        faults.AssertExact("campaigns");
    }

    [Fact]
    public async Task A_wish_holds_back_every_reader_of_the_workspace()
    {
        await using var faults = await FaultHarness.StartAsync("429:60#1/v1/campaigns");
        var sent = new List<(string Path, TimeSpan At)>();
        var began = faults.Time.GetTimestamp();
        faults.BeforeRequest = request =>
        {
            lock (sent)
            {
                sent.Add((request.RequestUri!.AbsolutePath, faults.Time.GetElapsedTime(began)));
            }

            return Task.CompletedTask;
        };
        faults.AssertDone(await faults.IngestAsync(new Engine.Runs.IngestRequest
        {
            Tables = Runs.IngestHarness.Jobs("campaigns", "campaign_actions"),
            WorkFolder = faults.Bench.WorkFolder,
            PairId = "test",
            Parallelism = 4,
        }), "campaigns", "campaign_actions");
        var first = sent.FindIndex(one => one.Path == "/v1/campaigns");
        Assert.All(sent.Skip(first + 1), one => Assert.True(one.At >= sent[first].At + TimeSpan.FromSeconds(60), $"{one.Path} was sent at {one.At}"));
        Assert.Equal(1, faults.Attempts.Count(attempt => attempt.Error == CustomerIoErrorKind.RateLimited));
    }
}
