namespace Sluice.Writes.Backup;

/// <summary>A place where two texts differ: the lines of the one stand where those of the other do.</summary>
/// <param name="Before">The lines that are there now.</param>
/// <param name="After">The lines that come instead.</param>
public sealed record DifferentLines(IReadOnlyList<string> Before, IReadOnlyList<string> After);

/// <summary>Tells which lines differ.</summary>
internal static class LineDifference
{
    // Beyond this a whole block is shown as another one: nobody reads more, and the table of lengths grows by the product.
    private const int MostCells = 1_000_000;

    public static IReadOnlyList<DifferentLines> Of(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var start = 0;
        while (start < before.Count && start < after.Count && before[start] == after[start])
        {
            start++;
        }

        var end = 0;
        while (end < before.Count - start && end < after.Count - start && before[^(end + 1)] == after[^(end + 1)])
        {
            end++;
        }

        var (old, now) = (before.Skip(start).SkipLast(end).ToList(), after.Skip(start).SkipLast(end).ToList());
        return old.Count + now.Count == 0 ? []
            : (long)old.Count * now.Count > MostCells ? [new DifferentLines(old, now)]
            : Hunks(old, now);
    }

    private static List<DifferentLines> Hunks(List<string> before, List<string> after)
    {
        var lengths = Lengths(before, after);
        var hunks = new List<DifferentLines>();
        var (old, now) = (new List<string>(), new List<string>());
        for (int i = 0, j = 0; i < before.Count || j < after.Count;)
        {
            if (i < before.Count && j < after.Count && before[i] == after[j])
            {
                Close();
                (i, j) = (i + 1, j + 1);
            }
            else if (j == after.Count || (i < before.Count && lengths[i + 1, j] >= lengths[i, j + 1]))
            {
                old.Add(before[i++]);
            }
            else
            {
                now.Add(after[j++]);
            }
        }

        Close();
        return hunks;

        void Close()
        {
            if (old.Count + now.Count > 0)
            {
                hunks.Add(new DifferentLines(old, now));
                (old, now) = ([], []);
            }
        }
    }

    // The length of the longest common sequence of what follows each pair of places.
    private static int[,] Lengths(List<string> before, List<string> after)
    {
        var lengths = new int[before.Count + 1, after.Count + 1];
        for (var i = before.Count - 1; i >= 0; i--)
        {
            for (var j = after.Count - 1; j >= 0; j--)
            {
                lengths[i, j] = before[i] == after[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
            }
        }

        return lengths;
    }
}
