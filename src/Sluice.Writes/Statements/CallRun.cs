using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Writes.Import;
using Sluice.Writes.Journal;
using Sluice.Writes.Sending;

namespace Sluice.Writes.Statements;

/// <summary>What a statement's calls are sent with.</summary>
public sealed record CallSettings
{
    /// <summary>The folder for journals.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>What makes the workspace the same one, without a key in it.</summary>
    public required string Workspace { get; init; }

    /// <summary>The statement, or what else makes it the same one.</summary>
    public required string Statement { get; init; }

    /// <summary>What lists of journals call it, such as SQL UPDATE.</summary>
    public required string Source { get; init; }

    /// <summary>The table or procedure.</summary>
    public required string Target { get; init; }

    /// <summary>What the calls are of, in messages.</summary>
    public string Noun { get; init; } = "statement";

    /// <summary>
    /// Whether the calls come of what the workspace has now: then a call that an earlier run has left open was not carried out, or would not be
    /// among them.
    /// </summary>
    public bool HasLooked { get; init; }

    /// <summary>Whether a refusal does not stop the rest.</summary>
    public bool Continues { get; init; }

    /// <summary>How many of the rows that the Track API has queued are read back.</summary>
    public VerifyMode Verify { get; init; } = VerifyMode.None;

    /// <summary>How long Customer.io's queue is waited for when a change is not there yet.</summary>
    public TimeSpan VerifyPatience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Told of each call that is over.</summary>
    public Action<int>? Progress { get; init; }
}

/// <summary>
/// Sends the calls of a statement one after another, each in the journal before it leaves and its outcome after it. A statement that did not come to
/// its end goes on with the same journal: what can't be repeated and is done, or unknown, is not sent again.
/// </summary>
public sealed class CallRun(CustomerIoClient client, CallSettings settings, TimeProvider time)
{
    /// <summary>Sends them.</summary>
    /// <param name="calls">The calls in order.</param>
    /// <param name="cancel">Lets no further call begin; the one that is on its way is waited for.</param>
    /// <exception cref="SluiceException">The journal can't be written, the key is refused, or Customer.io can't be reached.</exception>
    public async Task<CallReport> RunAsync(IReadOnlyList<PlannedCall> calls, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(calls);
        if (calls.Count == 0)
        {
            return new CallReport { Outcomes = [] };
        }

        var hash = JournalFolder.Hash($"{settings.Workspace}\n{settings.Source}\n{settings.Statement}");
        var plan = new JournalPlan(hash, settings.Source, settings.Target, calls.All(call => call.IsRepeatable)) { Workspace = settings.Workspace };
        await using var journal = await new JournalFolder(settings.WorkFolder).OpenAsync(plan, again: true, time);
        var former = new FormerCalls(journal);
        var outcomes = new List<CallOutcome>();
        foreach (var call in calls)
        {
            var isOver = cancel.IsCancellationRequested || (!settings.Continues && outcomes.Exists(IsTrouble));
            outcomes.AddRange(isOver ? [new CallOutcome(call, CallState.NotTried)] : await OneAsync(journal, former, call, outcomes, cancel));
            settings.Progress?.Invoke(outcomes.Count);
        }

        if (!outcomes.Exists(IsTrouble) && !cancel.IsCancellationRequested)
        {
            await journal.AppendAsync(new JournalEntry { Kind = JournalEntry.End });
        }

        return new CallReport
        {
            JournalId = journal.State.Id,
            Outcomes = outcomes,
            IsCancelled = cancel.IsCancellationRequested && outcomes[^1].State == CallState.NotTried,
            Verification = await new ChangeCheck(client, settings, time).RunAsync(outcomes, cancel),
        };
    }

    private static bool IsTrouble(CallOutcome outcome) => outcome.State is CallState.Refused or CallState.Unknown or CallState.NotTried;

    private async Task<IReadOnlyList<CallOutcome>> OneAsync(
        WriteJournal journal, FormerCalls former, PlannedCall call, List<CallOutcome> sofar, CancellationToken cancel)
    {
        if (!settings.HasLooked && await former.FindAsync(call) is { } known)
        {
            return [known];
        }

        try
        {
            return await SendAsync(journal, former.Number(call), call, cancel);
        }
        catch (CustomerIoException error)
        {
            var done = sofar.Count(one => one.State is CallState.Done or CallState.DoneBefore);
            var told = SluiceException.From(error);
            var hint = done == 0 ? $"No call of this {settings.Noun} was carried out."
                : string.Create(CultureInfo.InvariantCulture, $"{done} of its calls were carried out before; the same {settings.Noun} goes on.");
            throw new SluiceException(told.Kind, told.Message, $"{told.Hint} {hint}".Trim(), error);
        }
    }

    private async Task<IReadOnlyList<CallOutcome>> SendAsync(WriteJournal journal, int number, PlannedCall call, CancellationToken cancel)
    {
        var update = call.Call.Read is null ? null : new ContentUpdate(client, call);
        JsonNode? body;
        try
        {
            body = update is null ? call.Body : await update.ReadAsync(cancel);
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound)
        {
            return [new CallOutcome(call, CallState.Refused) { Reason = error.Message }];
        }

        await journal.AppendAsync(Entry(number, call, update?.Former() ?? call.Before));
        try
        {
            // A call that is given up half-way would be one of which nobody knows.
            var outcome = await Sender.SendAsync(client, call.Request(body), CancellationToken.None);
            if (call.Items.Count > 0 && outcome.Failures.Count > 0)
            {
                var parts = PartialOutcome.Of(call, outcome.Failures);
                await journal.AppendAsync(PartialOutcome.Entry(parts, number));
                return parts;
            }

            var kept = await OutcomeAsync(call, outcome, update);
            await journal.AppendAsync(new JournalEntry { Kind = KindOf(kept.State), Batch = number, Reason = kept.Reason });
            return [kept];
        }
        catch (CustomerIoException error) when (!error.MayHaveBeenProcessed)
        {
            await journal.AppendAsync(new JournalEntry { Kind = JournalEntry.NotSent, Batch = number });
            throw;
        }
    }

    private static JournalEntry Entry(int number, PlannedCall call, JsonObject? before) => new()
    {
        Kind = JournalEntry.Sent,
        Batch = number,
        FirstRow = number,
        LastRow = number,
        Rows = call.Count,
        Hash = call.Hash,
        Verb = call.Verb,
        Call = $"{call.Path} {call.Key}".TrimEnd(),
        Before = before,
        Set = before is null ? null : SetBy(call),
    };

    private static JsonObject SetBy(PlannedCall call) => call.Call.Read is not null && call.Body is JsonObject set
        ? (JsonObject)set.DeepClone()
        : new JsonObject(call.Changes.Select(one => KeyValuePair.Create(one.Name, one.New?.DeepClone())));

    private static async Task<CallOutcome> OutcomeAsync(PlannedCall call, SendOutcome outcome, ContentUpdate? update)
    {
        // A row that somebody else has deleted meanwhile is as it should be; the same goes for the second attempt of a deletion.
        var state = outcome.State switch
        {
            SendState.Refused when outcome.IsMissing && call.Verb == "delete" && call.Call.Method == "DELETE" => CallState.Done,
            SendState.Refused => CallState.Refused,
            SendState.Unknown => CallState.Unknown,
            _ => CallState.Done,
        };
        if (state != CallState.Done || update is null)
        {
            return new CallOutcome(call, state) { Reason = state == CallState.Done ? null : outcome.Reason, Answer = Row(call, outcome.Answer) };
        }

        try
        {
            var (difference, row) = await update.CompareAsync(CancellationToken.None);
            return new CallOutcome(call, difference is null ? CallState.Done : CallState.Refused) { Reason = difference, Answer = row };
        }
        catch (CustomerIoException error)
        {
            return new CallOutcome(call, CallState.Done) { Reason = $"it was taken, and could not be read back: {error.Message}" };
        }
    }

    private static JsonNode? Row(PlannedCall call, ReadOnlyMemory<byte> answer)
    {
        try
        {
            var root = answer.IsEmpty ? null : JsonNode.Parse(answer.Span);
            return call.Call.Root is { Length: > 0 } name ? root?[name] : root;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The call is done, whatever else the answer says.
            return null;
        }
    }

    private static string KindOf(CallState state) => state switch
    {
        CallState.Refused => JournalEntry.Refused,
        CallState.Unknown => JournalEntry.Unknown,
        _ => JournalEntry.Done,
    };
}

/// <summary>What an earlier run of the same statement, which did not come to its end, knows of the calls that can't be repeated.</summary>
internal sealed class FormerCalls
{
    private readonly WriteJournal _journal;
    private readonly List<JournalEntry> _known;
    private int _number;

    public FormerCalls(WriteJournal journal)
    {
        _journal = journal;
        _known = [.. journal.State.Batches];
        _number = _known.Select(one => one.Batch).DefaultIfEmpty(0).Max();
    }

    /// <summary>The number of a call that is sent: its former one, where an earlier run has sent it in vain.</summary>
    public int Number(PlannedCall call)
    {
        var known = _known.Find(one => one.Hash == call.Hash && one.Kind is JournalEntry.Sent or JournalEntry.Refused);
        _known.Remove(known!);
        return known?.Batch ?? ++_number;
    }

    /// <summary>What is known of a call; null when it must be sent.</summary>
    public async Task<CallOutcome?> FindAsync(PlannedCall call)
    {
        var known = _known.Find(one => one.Hash == call.Hash && one.Kind is JournalEntry.Done or JournalEntry.Sent or JournalEntry.Unknown);
        if (call.IsRepeatable || known is null)
        {
            return null;
        }

        _known.Remove(known);
        if (known.Kind == JournalEntry.Done)
        {
            return new CallOutcome(call, CallState.DoneBefore);
        }

        var reason = known.Reason ?? "the process ended before there was an answer";
        if (known.Kind == JournalEntry.Sent)
        {
            await _journal.AppendAsync(new JournalEntry { Kind = JournalEntry.Unknown, Batch = known.Batch, Reason = reason });
        }

        return new CallOutcome(call, CallState.Unknown) { Reason = reason };
    }
}
