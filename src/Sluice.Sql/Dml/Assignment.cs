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
                found.Add(new Assignment(outer[index + 1], outer[index + 1] + 2, EndOf(tokens, outer.Skip(index + 1))));
            }
        }

        return found;
    }

    // The next comma or clause ends it; what is in brackets belongs to it.
    private static int EndOf(IReadOnlyList<SqlToken> tokens, IEnumerable<int> outer) =>
        outer.FirstOrDefault(place => tokens[place].IsSign(',') || IsEnd(tokens, place), tokens.Count) - 1;

    // IS DISTINCT FROM is an operator.
    private static bool IsEnd(IReadOnlyList<SqlToken> tokens, int place) =>
        EndOfSet.Any(tokens[place].Is) && !(tokens[place].Is("FROM") && tokens[place - 1].Is("DISTINCT"));
}
