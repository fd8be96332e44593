using System.Net;
using Sluice.CustomerIo;
using Sluice.Writes.Import;
using Sluice.Writes.Journal;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>Imports that are killed or whose requests fail: the world is as intended, and what can't be repeated is done once.</summary>
public sealed class KilledImportTests : IAsyncLifetime
{
    private const int Rows = KilledImport.Rows;

    private ImportBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await ImportBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Killed_anywhere_the_same_import_ends_with_the_world_that_was_intended(int seed)
    {
        await KilledImport.AssertAsync(_bench, seed);
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 10)];

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(true, HttpStatusCode.ServiceUnavailable)]
    [InlineData(false, HttpStatusCode.TooManyRequests)]
    public async Task What_may_be_repeated_is_sent_again_after_any_failure(bool isDone, HttpStatusCode? status)
    {
        var (people, _) = WriteFiles();
        var handler = new SpoiltWrites(
            number => number == 3 ? new Spoil { IsDone = isDone, Status = status, IsLost = status is null } : Spoil.Nothing);
        var report = await _bench.RunAsync(people, handler);
        Assert.Equal((Rows, 0), (report.Taken, report.ExitCode));
        Assert.All(Enumerable.Range(0, Rows), n => Assert.Equal($"v{n}", _bench.Person($"p{n}")?["v"]));
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, HttpStatusCode.BadGateway)]
    public async Task What_can_t_be_repeated_is_unknown_after_a_failure_that_leaves_it_open_and_never_sent_again(bool isDone, HttpStatusCode? status)
    {
        var (_, events) = WriteFiles();
        var handler = new SpoiltWrites(
            number => number == 3 ? new Spoil { IsDone = isDone, Status = status, IsLost = status is null } : Spoil.Nothing);
        var report = await _bench.RunAsync(events, handler);
        Assert.Equal((Rows, 7, 1), (report.Taken + report.Unknown, report.ExitCode, report.UnknownBatches.Count));
        var again = await _bench.RunAsync(events);
        Assert.True(again.WasComplete);
        Assert.Equal(7, again.ExitCode);
        Assert.Equal(isDone ? Rows : Rows - report.Unknown, (await _bench.EventsAsync()).Values.Sum());
    }

    [Fact]
    public async Task A_limit_that_was_hit_repeats_even_what_can_t_be_repeated_because_nothing_was_done()
    {
        var (_, events) = WriteFiles();
        var handler = new SpoiltWrites(number => number == 2 ? new Spoil { Status = HttpStatusCode.TooManyRequests } : Spoil.Nothing);
        Assert.Equal((Rows, 0), await _bench.RunAsync(events, handler) is var report ? (report.Taken, report.ExitCode) : default);
        Assert.Equal(Rows, (await _bench.EventsAsync()).Values.Sum());
    }

    [Fact]
    public async Task A_key_that_is_refused_in_the_middle_stops_and_the_same_import_goes_on_with_the_rest()
    {
        var (_, events) = WriteFiles();
        var handler = new SpoiltWrites(number => number > 3 ? new Spoil { Status = HttpStatusCode.Unauthorized } : Spoil.Nothing);
        Assert.Equal(
            CustomerIoErrorKind.Unauthorized, (await Assert.ThrowsAsync<CustomerIoException>(() => _bench.RunAsync(events, handler))).Kind);
        var report = await _bench.RunAsync(events);
        Assert.Equal((Rows, 0, 3), (report.Taken, report.ExitCode, report.AlreadyDone));
        var seen = await _bench.EventsAsync();
        Assert.Equal(Rows, seen.Count);
        Assert.All(seen.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task An_answer_of_207_that_names_no_row_is_not_taken_for_success()
    {
        var (people, _) = WriteFiles();
        var handler = new SpoiltWrites(number => number == 2 ? new Spoil { IsDone = true, Status = HttpStatusCode.MultiStatus } : Spoil.Nothing);

        var report = await _bench.RunAsync(people, handler);

        Assert.Equal((Rows - 1, 1L, 7), (report.Taken, report.Rejected, report.ExitCode));
        Assert.Contains("did not say which", Assert.Single(report.FirstRejected).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_is_sent_once_more_also_when_a_former_journal_was_removed()
    {
        var (_, events) = WriteFiles();
        await _bench.RunAsync(events);
        await _bench.RunAsync(events with { IsAgain = true });
        var journals = new JournalFolder(events.WorkFolder);
        journals.Forget(journals.List()[^1]);

        Assert.Equal(Rows, (await _bench.RunAsync(events with { IsAgain = true })).Taken);
    }

    [Fact]
    public async Task A_finished_import_is_not_sent_twice_unless_it_is_said()
    {
        var (_, events) = WriteFiles();
        await _bench.RunAsync(events);
        Assert.True((await _bench.RunAsync(events)).WasComplete);
        Assert.Equal(Rows, (await _bench.RunAsync(events with { IsAgain = true })).Taken);
        Assert.All((await _bench.EventsAsync()).Values, count => Assert.Equal(2, count));
        var journals = new JournalFolder(events.WorkFolder);
        Assert.Equal(2, journals.List().Count);
        journals.Forget(journals.Find(journals.List()[0].Id)!);
        Assert.Single(journals.List());
    }

    private (ImportSettings People, ImportSettings Events) WriteFiles() => KilledImport.WriteFiles(_bench);
}
