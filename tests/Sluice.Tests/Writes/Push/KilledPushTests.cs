using System.Net;
using Sluice.CustomerIo;
using Sluice.Writes.Journal;
using Sluice.Writes.Push;
using Xunit;

namespace Sluice.Tests.Writes.Push;

/// <summary>Pushes that are killed or whose requests fail: nothing is lost, and what can't be repeated is done once.</summary>
public sealed class KilledPushTests : IAsyncLifetime
{
    private PushBench _bench = null!;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 6)];

    public async ValueTask InitializeAsync() => _bench = await PushBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Killed_anywhere_the_next_push_ends_with_the_world_that_the_source_says(int seed)
    {
        await KilledPush.AssertAsync(_bench, seed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Killed_before_its_journal_is_begun_or_after_it_has_ended_a_push_loses_and_repeats_nothing(bool hasJournal)
    {
        var settings = _bench.Settings();
        var copy = settings;
        await _bench.PushAsync("id,v\np1,a\np2,b\n", settings, _ =>
        {
            copy = KilledPush.Copy(settings, 1);
            return Spoil.Nothing;
        });
        var journals = Path.Combine(copy.Import.WorkFolder, "writes");
        Directory.Delete(journals, recursive: true);
        if (hasJournal)
        {
            Directory.Move(Path.Combine(settings.Import.WorkFolder, "writes"), journals);
        }

        var report = await _bench.PushAsync(copy);
        Assert.Equal(hasJournal ? (0L, 2L) : (2L, 0L), (report.Taken, report.Counts.Unchanged));
        Assert.Equal(0, await _bench.PushAsync(copy) is var again ? again.Taken : -1);
    }

    [Fact]
    public async Task Unknown_rows_are_named_once_and_sent_again_only_when_their_journal_is_forgotten()
    {
        var settings = Events();
        var report = await _bench.PushAsync("id,n\np1,e1\np2,e2\n", settings, _ => new Spoil { IsLost = true });
        Assert.Equal((2L, 7), (report.Unknown, report.ExitCode));
        Assert.Equal(["e1", "e2"], report.UnknownKeys);

        var later = await _bench.PushAsync("id,n\np1,e1\np2,e2\np3,e3\n", settings);
        Assert.Equal((1L, 0L, 0), (later.Taken, later.Unknown, later.ExitCode));

        var journals = new JournalFolder(settings.Import.WorkFolder);
        journals.Forget(journals.Find(report.JournalId!)!);
        Assert.Equal(2, (await _bench.PushAsync(settings)).Taken);
        Assert.All((await _bench.Imports.EventsAsync()).Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task A_key_that_is_refused_in_the_middle_stops_and_the_next_push_goes_on_with_the_rest()
    {
        var settings = _bench.Settings();
        var csv = "id,v\n" + string.Concat(Enumerable.Range(0, 12_000).Select(n => $"p{n},v{n}\n"));
        await Assert.ThrowsAsync<CustomerIoException>(
            () => _bench.PushAsync(csv, settings, number => number > 1 ? new Spoil { Status = HttpStatusCode.Unauthorized } : Spoil.Nothing));
        var report = await _bench.PushAsync(settings);
        Assert.InRange(report.Taken, 1, 11_999);
        Assert.Equal(12_000, report.Taken + report.Counts.Unchanged);
        Assert.Equal("v11999", _bench.Value("p11999", "v"));
    }

    [Fact]
    public async Task An_answer_that_does_not_say_which_row_was_not_taken_leaves_all_of_them_to_the_next_push()
    {
        var settings = _bench.Settings();
        var report = await _bench.PushAsync("id,v\np1,a\np2,b\n", settings, _ => new Spoil { Status = HttpStatusCode.MultiStatus });
        Assert.Equal((1L, 7), (report.Rejected, report.ExitCode));
        Assert.Equal((2L, 0), await _bench.PushAsync(settings) is var again ? (again.Taken, again.ExitCode) : default);
        Assert.Equal("b", _bench.Value("p2", "v"));
    }

    private PushSettings Events()
    {
        var settings = _bench.Settings("events", null, "n");
        return settings with { Import = settings.Import with { Constants = ["name=bought"] } };
    }
}
