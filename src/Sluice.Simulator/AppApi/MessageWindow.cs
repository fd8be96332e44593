using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>The window of creation times that a list of deliveries really covers, whatever was asked for.</summary>
internal static class MessageWindow
{
    /// <summary>The newest six months, and never more than so many months before the end.</summary>
    public static DeliverySelection Newest(Exchange exchange, int mostMonths)
    {
        var (from, until) = Asked(exchange);
        var end = until ?? exchange.Now;
        return Cut(from ?? Months(end, -6), end, mostMonths);
    }

    /// <summary>So many months from the first delivery on, and never more than twelve before the end.</summary>
    public static DeliverySelection FromFirst(Exchange exchange, long? first, int months)
    {
        var (from, until) = Asked(exchange);
        if (from is null && until is null && first is { } start)
        {
            return new DeliverySelection(start, Months(start, months));
        }

        return Newest(exchange, 12);
    }

    private static (long? From, long? Until) Asked(Exchange exchange)
    {
        var (from, until) = (exchange.Whole("start_ts"), exchange.Whole("end_ts"));
        return from > until ? throw ApiException.Invalid("start_ts must not be after end_ts") : (from, until);
    }

    private static DeliverySelection Cut(long from, long until, int months) => new(Math.Max(from, Months(until, -months)), until);

    private static long Months(long second, int months)
        => second is < 0 or > 253_000_000_000
            ? throw ApiException.Invalid("a timestamp is in seconds since 1970")
            : DateTimeOffset.FromUnixTimeSeconds(second).AddMonths(months).ToUnixTimeSeconds();
}
