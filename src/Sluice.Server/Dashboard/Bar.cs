using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Server.Status;

namespace Sluice.Server.Dashboard;

/// <summary>A bar of a chart.</summary>
/// <param name="Name">What it stands for.</param>
/// <param name="Value">How high it is.</param>
/// <param name="Words">The same in words.</param>
/// <param name="IsBad">Whether something went wrong.</param>
public sealed record Bar(string Name, long Value, string Words, bool IsBad)
{
    internal static IReadOnlyList<Bar> OfDays(IReadOnlyList<DayCount> days) => [.. days.Select(OfDay)];

    internal static IReadOnlyList<Bar> OfTable(IReadOnlyList<(RunReport Run, TableReport Table)> past) => [.. past.Select(one => new Bar(
        NumberFormat.Time(one.Run.StartedAt),
        one.Table.TableRows,
        $"{NumberFormat.Count(one.Table.TableRows)} rows, {NumberFormat.Count(one.Table.Rows)} written",
        one.Table.Outcome == TableOutcome.Partial))];

    private static Bar OfDay(DayCount day) => new(Times.Day(day.Day), day.Rows, Describe(day), day.Failed > 0);

    private static string Describe(DayCount day)
    {
        var runs = $"{NumberFormat.Count(day.Runs)} run{(day.Runs == 1 ? "" : "s")}";
        return day.Runs == 0 ? "no run"
            : $"{NumberFormat.Count(day.Rows)} rows, {runs}{(day.Failed > 0 ? $", {NumberFormat.Count(day.Failed)} not complete" : "")}";
    }
}
