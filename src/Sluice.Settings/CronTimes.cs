using Cronos;

namespace Sluice.Settings;

/// <summary>
/// The instants of a cron expression of five fields. When both days are restricted, a day that is either of them counts, as in cron(5): the library
/// wants both. In the hour that a change of the clock skips, a time moves to the end of the gap; in the hour that is repeated, a fixed time counts
/// once and a step such as */30 goes on evenly.
/// </summary>
internal sealed class CronTimes
{
    private readonly IReadOnlyList<CronExpression> _expressions;
    private readonly TimeZoneInfo _zone;

    public CronTimes(string cron, TimeZoneInfo zone)
    {
        _zone = zone;
        var fields = cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        _expressions = IsEither(fields)
            ? [Parse([.. fields[..4], "*"]), Parse([.. fields[..2], "*", .. fields[3..]])]
            : [Parse(fields)];
    }

    /// <summary>The first instant after another, in the zone; null when there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) =>
        _expressions.Select(expression => expression.GetNextOccurrence(after, _zone)).Where(next => next is not null).Min();

    /// <summary>Says what is wrong with an expression whose fields are in their ranges; null when nothing is.</summary>
    public static string? Problem(string cron)
    {
        try
        {
            _ = new CronTimes(cron, TimeZoneInfo.Utc);
            return null;
        }
        catch (CronFormatException error)
        {
            return error.Message;
        }
    }

    private static bool IsEither(string[] fields) => fields is [_, _, var day, _, var weekday] && !day.StartsWith('*') && !weekday.StartsWith('*');

    private static CronExpression Parse(string[] fields) => CronExpression.Parse(string.Join(' ', fields), CronFormat.Standard);
}
