using Sluice.Sql.Text;

namespace Sluice.Sql.Dml;

/// <summary>A column that a statement sets by an expression.</summary>
/// <param name="Name">The place of the column's name among the tokens.</param>
/// <param name="First">The place where the expression begins.</param>
/// <param name="Last">The place where it ends.</param>
internal sealed record Assignment(int Name, int First, int Last)
{
    private static readonly string[] EndOfSet = ["FROM", "WHERE", "RETURNING", "WHEN"];

    /// <summary>What stands behind each SET.</summary>
    /// <param name="tokens">The statement.</param>
    /// <param name="outer">The places that are in no brackets.</param>
    /// <param name="last">The place of the table's name.</param>
    public static IReadOnlyList<Assignment> Of(IReadOnlyList<SqlToken> tokens, IReadOnlyList<int> outer, int last)
    {
        var (found, isInSet) = (new List<Assignment>(), false);
        foreach (var (index, place) in outer.Index().Where(one => one.Item > last))
        {
            isInSet = tokens[place].Is("SET") || (isInSet && !IsEnd(tokens, place));
            if (isInSet && (tokens[place].Is("SET") || tokens[place].IsSign(',')) && index + 1 < outer.Count)
            {
                var name = outer[index + 1];
                found.AddRange(
                    tokens[name].IsSign('(') ? Several(tokens, name) : [new Assignment(name, name + 2, EndOf(tokens, outer.Skip(index + 1)))]);
            }
        }

        return found;
    }

    /// <summary>What stands between the commas of a bracket, and where it ends.</summary>
    /// <param name="tokens">The statement.</param>
    /// <param name="open">The place of the opening bracket.</param>
    public static (IReadOnlyList<(int First, int Last)> Items, int End) Items(IReadOnlyList<SqlToken> tokens, int open)
    {
        var (items, first, depth) = (new List<(int First, int Last)>(), open + 1, 0);
        for (var place = open; place < tokens.Count; place++)
        {
            depth -= tokens[place].Value is ")" or "]" or "}" ? 1 : 0;
            if (depth == 0 && place > open)
            {
                items.Add((first, place - 1));
                return (items, place);
            }

            if (depth == 1 && tokens[place].IsSign(','))
            {
                items.Add((first, place - 1));
                first = place + 1;
            }

            depth += tokens[place].Value is "(" or "[" or "{" ? 1 : 0;
        }

        return (items, tokens.Count);
    }

    // SET (a, b) = (1, 2), or = ROW(1, 2); DuckDB takes nothing else there.
    private static IEnumerable<Assignment> Several(IReadOnlyList<SqlToken> tokens, int open)
    {
        var (names, end) = Items(tokens, open);
        var values = end + 2 < tokens.Count && tokens[end + 2].Is("ROW") ? end + 3 : end + 2;
        return values < tokens.Count && tokens[values].IsSign('(')
            ? names.Zip(Items(tokens, values).Items, (name, value) => new Assignment(name.First, value.First, value.Last))
            : [];
    }

    // The next comma or clause ends it; what is in brackets belongs to it.
    private static int EndOf(IReadOnlyList<SqlToken> tokens, IEnumerable<int> outer) =>
        outer.FirstOrDefault(place => tokens[place].IsSign(',') || IsEnd(tokens, place), tokens.Count) - 1;

    // IS DISTINCT FROM is an operator.
    private static bool IsEnd(IReadOnlyList<SqlToken> tokens, int place) =>
        EndOfSet.Any(tokens[place].Is) && !(tokens[place].Is("FROM") && tokens[place - 1].Is("DISTINCT"));
}
