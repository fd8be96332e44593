namespace Sluice.Engine.Catalog;

/// <summary>What was probably meant by a name that does not exist.</summary>
public static class Suggestion
{
    /// <summary>A question such as <c>Did you mean region?</c>, or null when no name comes near.</summary>
    public static string? For(string typed, IEnumerable<string> names)
    {
        var nearest = NameDistance.Nearest(typed, names, 2);
        return nearest.Count == 0 ? null : $"Did you mean {string.Join(" or ", nearest)}?";
    }
}

// "Did you mean": edit distance, but a name that contains what was typed (or the other way round) counts as near,
// because people shorten: "attributes" means customer_attributes.
internal static class NameDistance
{
    public static IReadOnlyList<string> Nearest(string typed, IEnumerable<string> names, int count)
    {
        var wanted = Normalize(typed);
        if (wanted.Length == 0)
        {
            return [];
        }

        return
        [
            .. names.Select(name => (Name: name, Score: Score(wanted, Normalize(name))))
                .Where(candidate => candidate.Score <= Math.Max(2, wanted.Length / 2))
                .OrderBy(candidate => candidate.Score)
                .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
                .Take(count)
                .Select(candidate => candidate.Name),
        ];
    }

    internal static int Edits(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        var current = new int[right.Length + 1];
        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }

    private static string Normalize(string name) => name.Trim().ToLowerInvariant().Replace('-', '_').Replace(' ', '_');

    private static int Score(string wanted, string name)
    {
        var edits = Edits(wanted, name);
        var contained = wanted.Length >= 3 && (name.Contains(wanted, StringComparison.Ordinal) || wanted.Contains(name, StringComparison.Ordinal));
        return contained ? Math.Min(edits, 2) : edits;
    }
}
