using Sluice.Engine.DuckDb;
using Sluice.Sql.Text;

namespace Sluice.Sql.Dml;

/// <summary>
/// A statement that sets attributes of people by columns. These are text, as Customer.io gives attributes, but a number must be sent as a number: so
/// what is set becomes JSON, from which its type can be told afterwards.
/// </summary>
internal sealed class TypedAttributes
{
    private readonly string _text;
    private readonly IReadOnlyList<SqlToken> _tokens;
    private readonly IReadOnlyList<int> _outer;
    private readonly IReadOnlyList<string> _attributes;
    private readonly List<(int Start, int End, string Text)> _edits = [];
    private readonly HashSet<string> _set = new(StringComparer.Ordinal);
    private readonly int _last;

    private TypedAttributes(string text, string table, IReadOnlyList<string> attributes)
    {
        (_text, _tokens, _attributes) = (text, SqlTokenizer.Read(text), attributes);
        _outer = WriteStatement.Outer(_tokens);
        _last = _outer.First(place => _tokens[place].Value == DuckDBIdentifier.Quote(table));
    }

    /// <summary>The statement as it is carried out.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The attributes that it sets, whose values are JSON.</summary>
    public IReadOnlySet<string> Set => _set;

    /// <summary>Rewrites a statement without RETURNING.</summary>
    /// <param name="verb">insert, update or merge.</param>
    /// <param name="text">The statement.</param>
    /// <param name="table">The table's name, which stands in it in quotes.</param>
    /// <param name="attributes">The attributes that are columns of the table.</param>
    /// <param name="columnsOf">Gives the columns of a query.</param>
    public static async Task<TypedAttributes> OfAsync(
        string verb, string text, string table, IReadOnlyList<string> attributes, Func<string, Task<IReadOnlyList<string>>> columnsOf)
    {
        var typed = new TypedAttributes(text, table, attributes);
        if (verb == "insert")
        {
            await typed.ReadInsertAsync(columnsOf);
        }
        else
        {
            typed.ReadAssignments();
            typed.ReadInsertsOfMerge();
        }

        typed.Text = typed._edits.OrderByDescending(edit => edit.Start)
            .Aggregate(text, (all, edit) => string.Concat(all.AsSpan(0, edit.Start), edit.Text, all.AsSpan(edit.End)));
        return typed;
    }

    private static string Json(string expression) => $"CAST(to_json({expression}) AS VARCHAR)";

    private void ReadAssignments()
    {
        foreach (var one in Assignment.Of(_tokens, _outer, _last))
        {
            Take(WriteStatement.Name(_tokens[one.Name]), one.First, one.Last);
        }
    }

    private void ReadInsertsOfMerge()
    {
        foreach (var place in _outer.Where(place => place > _last && _tokens[place].Is("INSERT") && IsOpen(place + 1)))
        {
            var (columns, end) = Items(place + 1);
            if (end + 2 < _tokens.Count && _tokens[end + 1].Is("VALUES"))
            {
                Take(columns, Items(end + 2).Items);
            }
        }
    }

    private async Task ReadInsertAsync(Func<string, Task<IReadOnlyList<string>>> columnsOf)
    {
        var next = BehindTarget();
        if (next + 2 < _tokens.Count && _tokens[next].Is("BY") && _tokens[next + 1].Is("NAME"))
        {
            var begin = _tokens[_outer.First(place => _tokens[place].Is("INSERT"))].Start;
            ReadSource(next + 2, [.. await columnsOf(_text[..begin] + _text[_tokens[next + 2].Start..])]);
        }
        else if (IsOpen(next) && !WriteStatement.NoAlias.Any(_tokens[next + 1].Is) && Items(next) is var (columns, end) && end + 1 < _tokens.Count)
        {
            ReadValues(columns, end + 1);
        }
    }

    private int BehindTarget()
    {
        var next = _last + 1;
        var isAlias = next < _tokens.Count && _tokens[next].Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName
            && !WriteStatement.NoAlias.Any(_tokens[next].Is);
        return isAlias ? next + (_tokens[next].Is("AS") ? 2 : 1) : next;
    }

    private void ReadValues(IReadOnlyList<(int First, int Last)> columns, int source)
    {
        if (!_tokens[source].Is("VALUES"))
        {
            ReadSource(source, [.. columns.Select(column => WriteStatement.Name(_tokens[column.First]))]);
            return;
        }

        for (var place = source + 1; IsOpen(place);)
        {
            var (values, end) = Items(place);
            Take(columns, values);
            place = end + 2;
        }
    }

    // A query gives its rows to another one, which makes JSON of some columns.
    private void ReadSource(int first, IReadOnlyList<string> columns)
    {
        var names = columns.Select((column, place) => (Column: column, Name: $"_sluice_{place}", Attribute: AttributeOf(column))).ToList();
        _set.UnionWith(names.Select(one => one.Attribute).OfType<string>());
        var values = names.Select(one => (one.Attribute is null ? one.Name : Json(one.Name)) + $" AS {DuckDBIdentifier.Quote(one.Column)}");
        var source = _text[_tokens[first].Start..];
        _edits.Add((
            _tokens[first].Start,
            _text.Length,
            $"SELECT {string.Join(", ", values)} FROM ({source}\n) AS _sluice_rows({string.Join(", ", names.Select(one => one.Name))})"));
    }

    private void Take(IReadOnlyList<(int First, int Last)> columns, IReadOnlyList<(int First, int Last)> values)
    {
        foreach (var (column, value) in columns.Zip(values))
        {
            Take(WriteStatement.Name(_tokens[column.First]), value.First, value.Last);
        }
    }

    private void Take(string column, int first, int last)
    {
        if (AttributeOf(column) is not { } attribute || first > last || _tokens[first].Is("DEFAULT"))
        {
            return;
        }

        _set.Add(attribute);
        var (start, end) = (_tokens[first].Start, _tokens[last].End);
        _edits.Add((start, end, Json(_text[start..end])));
    }

    private string? AttributeOf(string column) => _attributes.FirstOrDefault(one => one.Equals(column, StringComparison.OrdinalIgnoreCase));

    private bool IsOpen(int place) => place < _tokens.Count && _tokens[place].IsSign('(');

    // What stands between the commas of a bracket, and where it ends.
    private (IReadOnlyList<(int First, int Last)> Items, int End) Items(int open)
    {
        var (items, first, depth) = (new List<(int First, int Last)>(), open + 1, 0);
        for (var place = open; place < _tokens.Count; place++)
        {
            depth -= _tokens[place].Value is ")" or "]" or "}" ? 1 : 0;
            if (depth == 0 && place > open)
            {
                items.Add((first, place - 1));
                return (items, place);
            }

            if (depth == 1 && _tokens[place].IsSign(','))
            {
                items.Add((first, place - 1));
                first = place + 1;
            }

            depth += _tokens[place].Value is "(" or "[" or "{" ? 1 : 0;
        }

        return (items, _tokens.Count);
    }
}
