using Sluice.Writes.Journal;
using Sluice.Writes.Sending;

namespace Sluice.Writes.Statements;

/// <summary>What became of a call of which Customer.io has taken some rows and not others (207).</summary>
internal static class PartialOutcome
{
    /// <summary>The rows that were taken as one outcome, and each of the others as one of its own.</summary>
    public static IReadOnlyList<CallOutcome> Of(PlannedCall call, IReadOnlyList<ItemFailure> failures)
    {
        // An answer that does not name the rows says of none that it was taken.
        if (failures.FirstOrDefault(one => one.Index < 0 || one.Index >= call.Items.Count) is { } unnamed)
        {
            return [new CallOutcome(call, CallState.Refused) { Reason = Reason(unnamed) }];
        }

        var failed = failures.Select(one => one.Index).ToHashSet();
        var taken = call.Items.Where((_, place) => !failed.Contains(place)).ToList();
        return
        [
            .. taken.Count == 0 ? [] : new[] { new CallOutcome(Part(call, taken), CallState.Done) },
            .. failures.Select(one => new CallOutcome(Part(call, [call.Items[one.Index]]), CallState.Refused) { Reason = Reason(one) }),
        ];
    }

    /// <summary>The line of the journal.</summary>
    public static JournalEntry Entry(IReadOnlyList<CallOutcome> parts, int number)
    {
        var refused = parts.Where(one => one.State == CallState.Refused).ToList();
        return refused.Count == parts.Count
            ? new JournalEntry { Kind = JournalEntry.Refused, Batch = number, Reason = refused[0].Reason }
            : new JournalEntry
            {
                Kind = JournalEntry.Done,
                Batch = number,
                Failed = [.. refused.Select(one => new RefusedRow(one.Call.Rows[0], one.Call.Rows[0], one.Call.Key, one.Reason!))],
            };
    }

    private static PlannedCall Part(PlannedCall call, IReadOnlyList<PlannedItem> items) => call with
    {
        Key = items.Count == 1 ? items[0].Key : call.Key,
        Items = items,
        Rows = [.. items.SelectMany(one => one.Rows)],
        Changes = [.. items.SelectMany(one => one.Changes)],
    };

    private static string Reason(ItemFailure failure) => failure.Field.Length == 0 ? failure.Message : $"{failure.Field}: {failure.Message}";
}
