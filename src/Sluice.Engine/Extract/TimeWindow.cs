using System.Globalization;

namespace Sluice.Engine.Extract;

/// <summary>A window of unix seconds, both ends asked for.</summary>
internal sealed record TimeWindow(long Start, long End)
{
    /// <summary>Customer.io began in 2012: no delivery is older, and a fixed beginning needs no request to find out.</summary>
    public static readonly DateTimeOffset Beginning = new(2012, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public long Seconds => End - Start;

    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Start}-{End}");

    public static TimeWindow Parse(string id)
    {
        var dash = id.IndexOf('-', 1);
        return new TimeWindow(
            long.Parse(id.AsSpan(0, dash), CultureInfo.InvariantCulture),
            long.Parse(id.AsSpan(dash + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>Windows of at most so many days that together cover the range, newest first.</summary>
    public static IReadOnlyList<TimeWindow> Cover(DateTimeOffset start, DateTimeOffset end, int maxDays)
    {
        var windows = new List<TimeWindow>();
        var (first, to) = (start.ToUnixTimeSeconds(), end.ToUnixTimeSeconds());
        while (to > first)
        {
            var from = Math.Max(first, to - (maxDays * 86400L));
            windows.Add(new TimeWindow(from, to));
            to = from;
        }

        return windows.Count == 0 ? [new TimeWindow(first, first)] : windows;
    }

    /// <summary>Equal parts, newest first.</summary>
    public IReadOnlyList<TimeWindow> Split(int parts) =>
        [.. Enumerable.Range(0, parts).Reverse().Select(i => new TimeWindow(Start + (Seconds * i / parts), Start + (Seconds * (i + 1) / parts)))];
}
