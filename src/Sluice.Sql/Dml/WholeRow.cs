using Sluice.Engine;
using Sluice.Sql.Text;

namespace Sluice.Sql.Dml;

/// <summary>An action of MERGE that takes a row of the source as it is: <c>INSERT *</c>, <c>UPDATE SET *</c>, or either of them BY NAME.</summary>
/// <param name="First">The place of INSERT or UPDATE.</param>
/// <param name="Last">The place where it ends.</param>
/// <param name="IsByName">Whether columns go to those of their names, and not to those of their places.</param>
/// <param name="IsInsert">Whether it makes a row.</param>
internal sealed record WholeRow(int First, int Last, bool IsByName, bool IsInsert)
{
    /// <summary>The action that begins at a place; null when it names its columns, or is another one.</summary>
    public static WholeRow? At(IReadOnlyList<SqlToken> tokens, int place)
    {
        var isInsert = tokens[place].Is("INSERT");
        if (!isInsert && !tokens[place].Is("UPDATE"))
        {
            return null;
        }

        var next = place + 1;
        var isBy = next + 1 < tokens.Count && tokens[next].Is("BY");
        var isSet = next + 1 < tokens.Count && tokens[next].Is("SET");
        var last = isBy ? next + 1 : place;
        if (isSet || isInsert)
        {
            var star = isSet ? next + 1 : last + 1;
            var hasStar = star < tokens.Count && tokens[star].IsSign('*');
            last = hasStar ? star : last;
            isSet &= !hasStar;
        }

        var isEnd = last + 1 >= tokens.Count || tokens[last + 1].Is("WHEN");
        return isEnd && !isSet ? new WholeRow(place, last, isBy && tokens[next + 1].Is("NAME"), isInsert) : null;
    }

    /// <summary>The same action with its columns named.</summary>
    public string Text(IReadOnlyList<string> columns, IReadOnlyList<string> values) => IsInsert
        ? $"INSERT ({string.Join(", ", columns)}) VALUES ({string.Join(", ", values)})"
        : $"UPDATE SET {string.Join(", ", columns.Zip(values, (column, value) => $"{column} = {value}"))}";
}

/// <summary>What MERGE takes its rows from.</summary>
/// <param name="Text">The table, function or query, with its alias.</param>
/// <param name="Name">The name under which the statement knows it.</param>
internal sealed record MergeSource(string Text, string Name)
{
    /// <summary>Reads what stands behind USING.</summary>
    /// <exception cref="SluiceException">It is several tables (kind Config).</exception>
    public static MergeSource Of(string text, IReadOnlyList<SqlToken> tokens, int use)
    {
        var (first, last) = (use + 1, use + 1);
        while (!tokens[first].IsSign('(') && last + 2 < tokens.Count && tokens[last + 1].IsSign('.'))
        {
            last += 2;
        }

        // DuckDB's own name for a query that is given none.
        var name = tokens[first].IsSign('(') ? "unnamed_subquery" : WriteStatement.Name(tokens[last]);
        var open = tokens[first].IsSign('(') ? first : last + 1;
        last = tokens[open].IsSign('(') ? Assignment.Items(tokens, open).End : last;
        var alias = last + 1 < tokens.Count && tokens[last + 1].Is("AS") ? last + 2 : last + 1;
        if (alias < tokens.Count && !IsEnd(tokens[alias]))
        {
            (name, last) = (WriteStatement.Name(tokens[alias]), alias);
            last = last + 1 < tokens.Count && tokens[last + 1].IsSign('(') ? Assignment.Items(tokens, last + 1).End : last;
        }

        return last + 1 < tokens.Count && IsEnd(tokens[last + 1]) ? new MergeSource(text[tokens[first].Start..tokens[last].End], name)
            : throw new SluiceException(
                SluiceErrorKind.Config,
                "MERGE takes whole rows of several tables, of which it can't be told which columns they have: nothing was sent.",
                "Put them into one query: USING (SELECT … FROM … JOIN …) s ON …");
    }

    private static bool IsEnd(SqlToken token) => token.Is("ON") || token.Is("USING");
}
