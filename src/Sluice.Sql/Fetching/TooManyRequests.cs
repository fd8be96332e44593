using Sluice.Engine;

namespace Sluice.Sql.Fetching;

/// <summary>The refusal of a query that would spend more requests than it may.</summary>
internal static class TooManyRequests
{
    public static SluiceException While(Reading reading, long requests) => new(
        SluiceErrorKind.Config,
        $"Stopped after {requests} requests for {reading.Table.Name}: more than the query may take.",
        "--max-requests allows more; EXPLAIN in front of the query shows what it costs.")
    {
        NeededRequests = requests,
    };

    public static SluiceException Before(string scan, Price price, long spent, long most, string? advice) => new(
        SluiceErrorKind.Config,
        $"The query needs {(price.IsExact ? "" : "at least ")}{price.Least} requests and may take {most}: nothing more was asked for"
            + $"{(spent == 0 ? "" : $" after {spent}")}. {scan} costs most.",
        $"{advice ?? "A condition on a key or on time makes it cheaper"}; --max-requests {price.Likely} allows it.")
    {
        NeededRequests = price.Likely,
    };
}
