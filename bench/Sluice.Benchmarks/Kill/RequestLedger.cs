using System.Globalization;
using Sluice.Engine.Catalog;

namespace Sluice.Benchmarks.Kill;

/// <summary>
/// How many answers killed runs may get in all: those of an undisturbed run, what each kill had in flight, and each run's look at the clock.
/// </summary>
internal sealed class RequestLedger(long needed, bool isLimited)
{
    // Pages of a list come one after the other: one is asked for while the one before it is being written.
    private const int PagesOfAList = 2;
    private const int WalksOfAFeed = 24;

    // Without a request limit pages come faster than a busy disk makes them safe: so many may wait for it, which the kill loses.
    private const int WaitingForTheDisk = 96;

    private int _kills;
    private int _newRuns;
    private long _inFlight;

    public long Allowed => NextEnd + _inFlight + _kills;

    /// <summary>Answers after which everything is read.</summary>
    public long NextEnd => needed * (1 + _newRuns);

    public void Killed(IEnumerable<string> feeds)
    {
        _kills++;
        _inFlight += feeds.Sum(InFlight);
    }

    /// <summary>A kill hit a run that had everything committed and had begun to throw its pages away.</summary>
    public void BeginsAnew() => _newRuns++;

    // A feed of metrics is called after its period, too, and is read parent by parent.
    private int InFlight(string feed) => (isLimited ? 0 : WaitingForTheDisk)
        + (ResourceCatalog.Default.Find(feed) is { Reading: ReadingKind.List or ReadingKind.People } ? PagesOfAList : WalksOfAFeed);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{needed} for one run, {_newRuns} runs more, {_kills} kills with {_inFlight} in flight at most");
}
