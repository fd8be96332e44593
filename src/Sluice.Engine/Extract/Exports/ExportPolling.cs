using System.Globalization;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract.Exports;

/// <summary>Looks after an export, ever less often, until it is done; only a deadline that the user set ends the waiting.</summary>
internal sealed class ExportPolling(ExtractionRun run, ExtractContext context, ExportApi requests, ExportCreation asking)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Waits for the export and notes its count.</summary>
    /// <exception cref="SluiceException">It failed, Customer.io no longer knows it, or the deadline is over.</exception>
    public async Task WaitAsync(ExportRequest question, long id, CancellationToken cancel)
    {
        var began = context.Time.GetTimestamp();
        for (var wait = First; ; wait = wait * 2 < Longest ? wait * 2 : Longest)
        {
            var export = await LookAsync(question, id, cancel);
            if (export.IsFailed)
            {
                await asking.ForgetAsync(question.Partition, cancel);
                throw new SluiceException(
                    SluiceErrorKind.Api,
                    $"Customer.io failed to make export {id} ({question.Title}).",
                    "Run the same command again: it asks for a new one. If that fails too, ask for less at once (segments, fewer attributes, a " +
                        "shorter range) or ask Customer.io's support with the id."
                );
            }

            if (export.IsDone)
            {
                await run.Sink.NoteAsync(question.Partition, ExportNotes.Total, export.Total.ToString(CultureInfo.InvariantCulture), cancel);
                return;
            }

            if (run.Extraction.Deadline is { } deadline && context.Time.GetElapsedTime(began) >= deadline)
            {
                throw new SluiceException(
                    SluiceErrorKind.Api,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Export {id} ({question.Title}) was not done after {deadline:c}, the deadline that was set."),
                    "Run the same command again: it goes on waiting for the same export. A longer deadline waits longer.")
                {
                    IsTransient = true,
                };
            }

            await Task.Delay(wait, context.Time, cancel);
        }
    }

    /// <summary>What to say of an export that is not there any more.</summary>
    public static SluiceException Unknown(ExportRequest question, long id, CustomerIoException error) =>
        new(
            SluiceErrorKind.Api,
            $"Customer.io no longer knows export {id} ({question.Title}).",
            "Run the same command again: it asks for a new one.",
            error);

    private async Task<ExportState> LookAsync(ExportRequest question, long id, CancellationToken cancel)
    {
        try
        {
            return await requests.LookAsync(id, cancel);
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound)
        {
            await asking.ForgetAsync(question.Partition, cancel);
            throw Unknown(question, id, error);
        }
    }
}
