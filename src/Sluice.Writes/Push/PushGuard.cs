using System.Globalization;
using Sluice.Writes.Import;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Push;

/// <summary>Says when a push removes more than it may without being asked.</summary>
internal static class PushGuard
{
    /// <summary>What somebody must agree to; null for nothing.</summary>
    /// <param name="settings">What was said.</param>
    /// <param name="removal">What is done with rows that vanished; null where the rows are replaced as a whole.</param>
    /// <param name="counts">What differs.</param>
    /// <param name="rows">Rows of the source.</param>
    public static Destruction? Of(PushSettings settings, Operation? removal, PushCounts counts, long rows)
    {
        if (settings is { ModeOrDefault: PushMode.Append, IsFullRefresh: true } && counts.Known > 0)
        {
            return new Destruction(
                counts.New + counts.Changed + counts.Unchanged,
                $"All rows of the source would be sent, also those that were sent before: {settings.Import.TargetName} have them twice then.");
        }

        if (settings.ModeOrDefault != PushMode.Mirror || counts.Vanished == 0)
        {
            return null;
        }

        var most = Limit(settings.MaxDeletes, counts.Known);
        var what = $"{counts.Vanished} of {counts.Known} rows that were pushed before are no longer in the source"
            + (rows == 0 ? ", which is empty" : "");
        return removal?.IsDestroying == true
            ? new Destruction(counts.Vanished, $"{what}. {removal.Doc}. {removal.Undone}")
            : rows > 0 && counts.Vanished <= most ? null
            : new Destruction(counts.Vanished, $"{what}; max_deletes ({settings.MaxDeletes}) allows {Math.Min(most, rows > 0 ? most : 0)}.");
    }

    // A part is rounded up, so that of a few rows one may go.
    private static long Limit(string text, long known) => text.EndsWith('%')
        ? (long)Math.Ceiling(known * double.Parse(text[..^1], CultureInfo.InvariantCulture) / 100)
        : long.Parse(text, CultureInfo.InvariantCulture);
}
