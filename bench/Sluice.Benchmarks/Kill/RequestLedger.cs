using System.Globalization;

namespace Sluice.Benchmarks.Kill;

/// <summary>How many answers killed runs may get in all: those of an undisturbed run, what each kill had in flight, and each run's look at the clock.</summary>
internal sealed class RequestLedger(long needed)
{
    private int _kills;
    private int _newRuns;
    private long _inFlight;

    public long Allowed => NextEnd + _inFlight + _kills;

    /// <summary>Answers after which everything is read.</summary>
    public long NextEnd => needed * (1 + _newRuns);

    public void Killed(int inFlight)
    {
        _kills++;
        _inFlight += inFlight;
    }

    /// <summary>A kill hit a run that had everything committed and had begun to throw its pages away.</summary>
    public void BeginsAnew() => _newRuns++;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{needed} for one run, {_newRuns} runs more, {_kills} kills with {_inFlight} in flight at most");
}
