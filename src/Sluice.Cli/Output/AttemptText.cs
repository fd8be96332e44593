using System.Globalization;
using Sluice.CustomerIo;

namespace Sluice.Cli.Output;

/// <summary>One HTTP attempt on one line.</summary>
internal static class AttemptText
{
    public static string Of(AttemptRecord attempt)
    {
        var query = attempt.Query.Length > 0 ? $"?{attempt.Query}" : "";
        var end = attempt.Error is { } error ? $"{error}{(attempt.Detail is { } detail ? $" ({detail})" : "")}" : "ok";
        var retry = attempt.RetryIn is { } wait ? string.Create(CultureInfo.InvariantCulture, $", again in {wait.TotalSeconds:0.0} s") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{attempt.Endpoint}{query} -> {attempt.Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer"} {end}, attempt {attempt.Attempt}, {attempt.Duration.TotalMilliseconds:0} ms, {attempt.Bytes} bytes{retry}");
    }
}
