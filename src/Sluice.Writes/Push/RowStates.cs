using Sluice.Writes.Journal;

namespace Sluice.Writes.Push;

/// <summary>What a journal says of the rows that were sent.</summary>
internal static class RowStates
{
    /// <summary>The states of the rows; requests that ended alike and follow each other are taken together.</summary>
    public static IEnumerable<(long First, long Last, RowState State)> Of(JournalState journal)
    {
        (long First, long Last, RowState State)? open = null;
        foreach (var batch in journal.Batches)
        {
            if (StateOf(batch, journal.Plan.IsRepeatable) is not { } state)
            {
                continue;
            }

            if (open is { } range && range.State == state && range.Last + 1 == batch.FirstRow)
            {
                open = (range.First, batch.LastRow, state);
                continue;
            }

            if (open is { } whole)
            {
                yield return whole;
            }

            open = (batch.FirstRow, batch.LastRow, state);
        }

        if (open is { } last)
        {
            yield return last;
        }
    }

    private static RowState? StateOf(JournalEntry batch, bool isRepeatable) => batch.Kind switch
    {
        // An answer that names no row of those that were not taken leaves all of them open.
        JournalEntry.Done => batch.Failed?.Any(row => row.Row == 0) == true ? RowState.Uncertain : RowState.Sent,
        JournalEntry.Refused => null,
        JournalEntry.Sent when isRepeatable => RowState.Uncertain,
        _ => RowState.Unknown,
    };
}

/// <summary>What is known of a row after a request.</summary>
internal enum RowState
{
    /// <summary>Customer.io has taken it.</summary>
    Sent,

    /// <summary>It may have been taken, and is sent again.</summary>
    Uncertain,

    /// <summary>It may have been taken, and may not be sent again.</summary>
    Unknown,
}
