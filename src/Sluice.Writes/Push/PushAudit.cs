using Sluice.Engine;
using Sluice.Writes.Import;

namespace Sluice.Writes.Push;

/// <summary>Reads back what was pushed and compares it with the source, value by value; nothing is sent.</summary>
internal static class PushAudit
{
    /// <exception cref="SluiceException">What was pushed can't be read back (kind Config).</exception>
    public static async Task<PushAuditReport> RunAsync(PushWork work, CancellationToken cancel)
    {
        if (!ReadBack.CanRead(work.Target.Operation.Name))
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"{work.Target.Operation.Name} can't be read back: the App API does not find an event again.");
        }

        await work.Changes.ListUnchangedAsync(cancel);
        var rows = await work.Changes.ListedAsync(isRemoval: false, cancel);
        var batches = work.Pending.ReadAsync(work.Target.Operation, isRemoval: false, 1, cancel);
        work.Progress.All = rows;
        return new PushAuditReport(work.Rows.Counts, rows == 0 ? new VerificationReport() : await CompareAsync(work, batches, rows, cancel));
    }

    private static async Task<VerificationReport> CompareAsync(PushWork work, IAsyncEnumerable<Batch> batches, long rows, CancellationToken cancel)
    {
        if (work.Target.IsCollection)
        {
            var collection = new CollectionImport(work.Client, work.Target);
            return await work.Differences.OfCollectionAsync(collection, await collection.ReadAsync(batches), cancel);
        }

        var verification = new Verification(work.ReadBack, null, work.Differences, work.Progress);
        if (work.Settings.Import.Verify == VerifyMode.All)
        {
            return await verification.CheckAllAsync(batches, cancel);
        }

        await foreach (var batch in verification.SampleAsync(batches, rows))
        {
            cancel.ThrowIfCancellationRequested();
        }

        return await verification.CheckSampleAsync(cancel);
    }
}

/// <summary>What an audit of a push has shown.</summary>
/// <param name="Counts">What differs between the source and what was pushed; only rows that do not are compared.</param>
/// <param name="Verification">What differs between the source and Customer.io.</param>
public sealed record PushAuditReport(PushCounts Counts, VerificationReport Verification)
{
    /// <summary>0, or 7 when something is not in Customer.io as it stands in the source, or not all could be compared.</summary>
    public int ExitCode => Verification.Different > 0 || Verification.Problem is not null ? Engine.Runs.ExitCode.Partial : Engine.Runs.ExitCode.Done;
}
