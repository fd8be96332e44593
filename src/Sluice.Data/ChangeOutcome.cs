using System.Globalization;
using Sluice.Engine;
using Sluice.Sql.Dml;
using Sluice.Writes.Statements;

namespace Sluice.Data;

/// <summary>Makes an error of changes that were not made, or have not arrived: a program that is told nothing takes everything for done.</summary>
internal static class ChangeOutcome
{
    private const int MostNamed = 10;

    /// <exception cref="SluiceException">Not all were made (kind Api), or the statement was stopped (kind Cancelled).</exception>
    public static void RequireAll(PlannedWrite write, CallReport report)
    {
        if (report.IsCancelled)
        {
            var made = report.Count(CallState.Done, CallState.DoneBefore);
            throw new SluiceException(
                SluiceErrorKind.Cancelled,
                string.Create(CultureInfo.InvariantCulture, $"{made} of {write.Count} changes were made before; the same statement goes on."));
        }

        if (report.Outcomes.FirstOrDefault(one => one.State is CallState.Refused or CallState.Unknown) is { } first)
        {
            throw NotMade(write, report, first);
        }

        if (report is { ExitCode: not Engine.Runs.ExitCode.Done, Verification: { } verification })
        {
            throw NotArrived(write, verification);
        }
    }

    private static SluiceException NotMade(PlannedWrite write, CallReport report, CallOutcome first)
    {
        var (refused, unknown, notTried) = (report.Count(CallState.Refused), report.Count(CallState.Unknown), report.Count(CallState.NotTried));
        var hint = unknown == 0 ? "The same statement goes on with those that were not made."
            : "What is unknown may have been made, and the same statement does not send it again: look in Customer.io. "
                + $"'sluice writes forget {report.JournalId}' lets it be sent anew.";
        return new SluiceException(
            SluiceErrorKind.Api,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{write.Verb} {write.Target}: {report.Count(CallState.Done, CallState.DoneBefore)} of {write.Count} changes were made, "
                    + $"{refused} refused, {unknown} unknown, {notTried} not tried. {first.Call.Path} {first.Call.Key}: {first.Reason}"),
            notTried == 0 ? hint : $"{hint} ContinueAfterRefusal of the command makes those that were not tried.");
    }

    private static SluiceException NotArrived(PlannedWrite write, ChangeVerification verification)
    {
        var what = $"{write.Verb} {write.Target}: Customer.io has queued all changes";
        if (verification.Different.Count == 0)
        {
            return new SluiceException(SluiceErrorKind.Api, $"{what}, and not all could be read back: {verification.Problem}");
        }

        var rows = verification.Different.Select(one => one.Key).Distinct(StringComparer.Ordinal).Count();
        var more = verification.Different.Count - MostNamed;
        var named = verification.Different.Take(MostNamed).Select(one => one.Text)
            .Concat(more > 0 ? [string.Create(CultureInfo.InvariantCulture, $"and {more} more")] : []);
        return new SluiceException(
            SluiceErrorKind.Api,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}; not as sent {(rows == 1 ? "is" : "are")} {rows} of {verification.Rows} that were read back: {string.Join("; ", named)}"),
            "Customer.io's activity log has why a change was dropped; VerifyWait in the connection string waits longer.");
    }
}
