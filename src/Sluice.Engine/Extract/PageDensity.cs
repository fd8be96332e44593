using Sluice.CustomerIo;

namespace Sluice.Engine.Extract;

/// <summary>Guesses from a window's first page how many pages the window has.</summary>
internal static class PageDensity
{
    // The order of deliveries is not documented: when the page does not look sorted it tells nothing, and this is the guess.
    private const double Unknown = 32;

    public static double PagesIn(Page page, TimeWindow window, string timeField)
    {
        var times = Enumerable.Range(0, page.Records.Count).Select(i => RecordFields.TimeOf(page.Record(i), timeField)).OfType<long>().ToList();
        if (times.Count < page.Records.Count || !IsSorted(times))
        {
            return Unknown;
        }

        var covered = Math.Max(1, Math.Abs(times[^1] - times[0]));
        return (double)window.Seconds / covered;
    }

    private static bool IsSorted(List<long> times) =>
        times.Zip(times.Skip(1)).All(pair => pair.First >= pair.Second) || times.Zip(times.Skip(1)).All(pair => pair.First <= pair.Second);
}
