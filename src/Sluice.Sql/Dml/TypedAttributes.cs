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
    private readonly string _table;
    private readonly Func<string, Task<IReadOnlyList<string>>> _columnsOf;
    private readonly int _last;

    private TypedAttributes(
        string text, string table, IReadOnlyList<string> attributes, Func<string, Task<IReadOnlyList<string>>> columnsOf)
    {
        (_text, _tokens, _attributes, _columnsOf) = (text, SqlTokenizer.Read(text), attributes, columnsOf);
        (_outer, _table) = (WriteStatement.Outer(_tokens), DuckDBIdentifier.Quote(table));
        _last = _outer.First(place => _tokens[place].Value == _table);
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
        var typed = new TypedAttributes(text, table, attributes, columnsOf);
        if (verb == "insert")
        {
            await typed.ReadInsertAsync();
        }
        else
        {
            typed.ReadAssignments();
            await typed.ReadMergeAsync();
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

    private async Task ReadMergeAsync()
    {
        foreach (var place in _outer.Where(place => place > _last && _tokens[place - 1].Is("THEN")))
        {
            if (WholeRow.At(_tokens, place) is { } row)
            {
                await ReadWholeRowAsync(row);
            }
            else if (_tokens[place].Is("INSERT") && Is(place + 1, "VALUES") && IsOpen(place + 2))
            {
                Take(await _columnsOf($"SELECT * FROM {_table}"), Items(place + 2).Items);
            }
            else if (_tokens[place].Is("INSERT") && IsOpen(place + 1) && Items(place + 1) is var (columns, end) && Is(end + 1, "VALUES"))
            {
                Take(Names(columns), Items(end + 2).Items);
            }
        }
    }

    // Where columns and values do not fit together it stays as it is, and DuckDB says so.
    private async Task ReadWholeRowAsync(WholeRow row)
    {
        var source = MergeSource.Of(_text, _tokens, _outer.First(place => place > _last && _tokens[place].Is("USING")));
        var values = await _columnsOf(BeforeVerb("MERGE") + $"SELECT * FROM {source.Text}");
        var columns = row.IsByName ? values : await _columnsOf($"SELECT * FROM {_table}");
        if (columns.Count == values.Count && columns.Any(column => AttributeOf(column) is not null))
        {
            _set.UnionWith(columns.Select(AttributeOf).OfType<string>());
            var names = values.Select(value => $"{DuckDBIdentifier.Quote(source.Name)}.{DuckDBIdentifier.Quote(value)}");
            var expressions = columns.Zip(names, (column, name) => AttributeOf(column) is null ? name : Json(name));
            _edits.Add((_tokens[row.First].Start, _tokens[row.Last].End, row.Text([.. columns.Select(DuckDBIdentifier.Quote)], [.. expressions])));
        }
    }

    private async Task ReadInsertAsync()
    {
        var next = BehindTarget();
        if (Is(next, "BY") && Is(next + 1, "NAME"))
        {
            ReadSource(next + 2, await _columnsOf(BeforeVerb("INSERT") + _text[_tokens[next + 2].Start..]));
        }
        else if (IsOpen(next) && !WriteStatement.NoAlias.Any(_tokens[next + 1].Is))
        {
            var (columns, end) = Items(next);
            ReadValues(Names(columns), end + 1);
        }
        else if (!Is(next, "DEFAULT"))
        {
            ReadValues(await _columnsOf($"SELECT * FROM {_table}"), Is(next, "BY") ? next + 2 : next);
        }
    }

    private string BeforeVerb(string verb) => _text[.._tokens[_outer.First(place => _tokens[place].Is(verb))].Start];

    private int BehindTarget()
    {
        var next = _last + 1;
        var isAlias = next < _tokens.Count && _tokens[next].Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName
            && !WriteStatement.NoAlias.Any(_tokens[next].Is);
        return isAlias ? next + (_tokens[next].Is("AS") ? 2 : 1) : next;
    }

    private void ReadValues(IReadOnlyList<string> columns, int source)
    {
        if (!Is(source, "VALUES"))
        {
            ReadSource(source, columns);
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

    private void Take(IReadOnlyList<string> columns, IReadOnlyList<(int First, int Last)> values)
    {
        foreach (var (column, value) in columns.Zip(values))
        {
            Take(column, value.First, value.Last);
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

    private IReadOnlyList<string> Names(IReadOnlyList<(int First, int Last)> columns) =>
        [.. columns.Select(column => WriteStatement.Name(_tokens[column.First]))];

    private (IReadOnlyList<(int First, int Last)> Items, int End) Items(int open) => Assignment.Items(_tokens, open);

    private bool IsOpen(int place) => place < _tokens.Count && _tokens[place].IsSign('(');

    private bool Is(int place, string word) => place < _tokens.Count && _tokens[place].Is(word);
}
