using System.Globalization;

namespace Sluice.Benchmarks.Kill;

/// <summary>When a run is killed: a share of the time, or of the answers, that an undisturbed run takes.</summary>
/// <param name="Share">From 0 to 1.2, so that some kills come when everything is read, and some too late.</param>
/// <param name="ByAnswers">Whether answers are counted instead of time: that hits the reading and the commit however slow the machine is.</param>
/// <param name="Later">Waited after the last answer that was counted.</param>
internal sealed record KillPoint(double Share, bool ByAnswers, TimeSpan Later)
{
    public static KillPoint Of(Random dice) => new(dice.NextDouble() * 1.2, dice.Next(2) == 0, TimeSpan.FromMilliseconds(dice.Next(250)));

    public override string ToString() => ByAnswers
        ? string.Create(CultureInfo.InvariantCulture, $"{Share:P0}+{Later.TotalMilliseconds:F0}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{Share:F2}t");
}
