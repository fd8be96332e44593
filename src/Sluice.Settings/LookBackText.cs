using System.Globalization;
using Sluice.Engine;

namespace Sluice.Settings;

/// <summary>Reads <c>--lookback</c> and <c>--cutoff-days</c>.</summary>
internal static class LookBackText
{
    private const int MostDays = 180;

    public static TimeSpan? Read(string? lookBack, string? cutoffDays, Mistakes mistakes)
    {
        if (!string.IsNullOrWhiteSpace(lookBack) && !string.IsNullOrWhiteSpace(cutoffDays))
        {
            mistakes.Add("--lookback and --cutoff-days say the same thing: give one of them.");
        }

        var wanted = DurationText.Read("--lookback", lookBack, mistakes) ?? Days(cutoffDays, mistakes);
        if (wanted > TimeSpan.FromDays(MostDays))
        {
            mistakes.Add(
                string.Create(CultureInfo.InvariantCulture, $"A look-back of {wanted.Value.TotalDays:0.#} days is longer than {MostDays}."),
                "Customer.io changes no delivery after six months: 180d reads all that can change.");
        }

        return wanted;
    }

    private static TimeSpan? Days(string? text, Mistakes mistakes)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= 100_000)
        {
            return TimeSpan.FromDays(days);
        }

        mistakes.Add($"--cutoff-days is no number of days: '{text}'.", "Write it as --cutoff-days 30.");
        return null;
    }
}
