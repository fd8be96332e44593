using Sluice.Engine.DuckDb;
using Sluice.Sql.Fetching;
using Sluice.Sql.Tables;
using Sluice.Sql.Text;

namespace Sluice.Sql;

/// <summary>A table that completion knows.</summary>
/// <param name="Name">Its name in SQL; one of an attached file has the file's and the schema's in front.</param>
/// <param name="Columns">Its columns.</param>
public sealed record CompletionTable(string Name, IReadOnlyList<string> Columns)
{
    /// <summary>Names that are understood and not proposed.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether its rows come from the API.</summary>
    public bool IsLive { get; init; }
}

/// <summary>What may stand at a place.</summary>
/// <param name="Start">Where the word that is typed begins.</param>
/// <param name="Words">What may stand in its place.</param>
public sealed record Completions(int Start, IReadOnlyList<string> Words);

/// <summary>Proposes keywords, tables and columns for a statement that is being typed.</summary>
/// <param name="tables">The tables that can be queried.</param>
public sealed class SqlCompletion(IReadOnlyList<CompletionTable> tables)
{
    // A word behind one of these is a table.
    private static readonly string[] BeforeTables = ["FROM", "JOIN", "DESCRIBE", "DESC", "SUMMARIZE", "TABLE", "PIVOT", "UNPIVOT"];

    private static readonly string[] Clauses =
        ["SELECT", "FROM", "JOIN", "ON", "USING", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "QUALIFY", "WINDOW", "VALUES", "BY"];

    /// <summary>The live tables and those that describe them.</summary>
    public static IReadOnlyList<CompletionTable> LiveTables =>
        [.. SqlSession.Tables.All.Select(Of), .. SystemTables.All.Select(table => new CompletionTable(table.Name, table.Columns))];

    /// <summary>Proposes what may stand at a place; nothing within texts and comments.</summary>
    /// <param name="text">The statement, or several.</param>
    /// <param name="cursor">The place.</param>
    public Completions At(string text, int cursor)
    {
        var before = SqlTokenizer.Read($"{text[..cursor]}\n;");
        if (before is not [.., { } end] || !end.IsSign(';') || end.Start <= cursor)
        {
            return new Completions(cursor, []);
        }

        var word = before is [.., { Kind: SqlTokenKind.Word } last, _] && last.End == cursor ? last : null;
        var start = word?.Start ?? cursor;
        var path = before.Take(before.Count - (word is null ? 1 : 2)).ToList();
        path = [.. path.Skip(path.FindLastIndex(token => token.IsSign(';')) + 1)];
        var words = Proposals(path, word?.Value ?? "", new StatementNames(StatementAround(text, start, cursor), tables))
            .Where(name => name.TrimStart('"').StartsWith(word?.Value ?? "", StringComparison.OrdinalIgnoreCase));
        return new Completions(start, [.. words.Distinct(StringComparer.Ordinal).Order(StringComparer.OrdinalIgnoreCase)]);
    }

    private IEnumerable<string> Proposals(IReadOnlyList<SqlToken> before, string typed, StatementNames names)
    {
        if (StatementNames.PathBefore(before) is { } path)
        {
            return (names.Find(path)?.Columns ?? []).Select(SqlKeywords.Quoted).Concat(PartsBelow(path));
        }

        if (before.Count == 0)
        {
            return typed.Length == 0 ? [] : SqlKeywords.Beginnings.Select(word => SqlKeywords.As(word, typed));
        }

        if (IsTablePlace(before))
        {
            return [.. tables.Select(table => table.Name), .. names.CommonTables];
        }

        // Before there is a table: columns are written in small letters, and capitals begin a keyword.
        var known = names.Used.Count > 0 ? names.Used.Values : typed.Any(char.IsLower) ? tables : [];
        var columns = known.SelectMany(table => table.Columns).Select(SqlKeywords.Quoted).Concat(names.Used.Keys);
        var words = SqlKeywords.All.Select(word => SqlKeywords.As(word, typed)).Concat(SqlKeywords.Functions);
        return typed.Length == 0 ? columns : columns.Concat(words);
    }

    // crm. leads to crm.customerio. and that to its tables.
    private IEnumerable<string> PartsBelow(string path) => tables
        .Where(table => table.Name.StartsWith($"{path}.", StringComparison.OrdinalIgnoreCase))
        .Select(table => table.Name[(path.Length + 1)..].Split('.')[0]);

    private static bool IsTablePlace(IReadOnlyList<SqlToken> before)
    {
        var last = before[^1];
        return BeforeTables.Any(last.Is)
            || (last.IsSign(',') && before.LastOrDefault(token => Clauses.Any(token.Is)) is { } clause && (clause.Is("FROM") || clause.Is("JOIN")));
    }

    // Without the word that is typed: it would be the alias of the table before it.
    private static IReadOnlyList<SqlToken> StatementAround(string text, int typed, int cursor)
    {
        var tokens = SqlTokenizer.Read(text).Where(token => token.Start != typed || token.Kind != SqlTokenKind.Word).ToList();
        var first = tokens.FindLastIndex(token => token.IsSign(';') && token.Start < cursor) + 1;
        return [.. tokens.Skip(first).TakeWhile(token => !token.IsSign(';'))];
    }

    private static CompletionTable Of(LiveTable table) =>
        new(table.Name, [.. table.Columns.Select(column => column.Name)]) { Aliases = [.. table.Aliases], IsLive = true };
}

/// <summary>The tables that a statement names, with the names that it gives them.</summary>
internal sealed class StatementNames
{
    private readonly IReadOnlyList<SqlToken> _tokens;
    private readonly IReadOnlyList<CompletionTable> _tables;
    private readonly Dictionary<string, CompletionTable> _used = new(StringComparer.OrdinalIgnoreCase);

    public StatementNames(IReadOnlyList<SqlToken> tokens, IReadOnlyList<CompletionTable> tables)
    {
        (_tokens, _tables) = (tokens, tables);
        for (var at = 0; at < tokens.Count; at++)
        {
            if (IsName(at) && !(at > 0 && tokens[at - 1].IsSign('.')))
            {
                at = Read(at) - 1;
            }
        }
    }

    /// <summary>The tables by alias, or by their own name where they have none.</summary>
    public IReadOnlyDictionary<string, CompletionTable> Used => _used;

    /// <summary>The names of WITH.</summary>
    public IEnumerable<string> CommonTables => Enumerable.Range(0, Math.Max(0, _tokens.Count - 2))
        .Where(at => IsName(at) && _tokens[at + 1].Is("AS") && _tokens[at + 2].IsSign('('))
        .Select(at => _tokens[at].Value);

    /// <summary>The names with dots that stand right before a place, without the last dot; null when there is none.</summary>
    public static string? PathBefore(IReadOnlyList<SqlToken> tokens)
    {
        var parts = new List<string>();
        for (var at = tokens.Count - 1; at > 0 && tokens[at].IsSign('.') && IsName(tokens[at - 1]); at -= 2)
        {
            parts.Insert(0, Bare(tokens[at - 1]));
        }

        return parts.Count == 0 ? null : string.Join('.', parts);
    }

    /// <summary>The table that an alias or a name stands for.</summary>
    public CompletionTable? Find(string name) => _used.GetValueOrDefault(name) ?? OfName(name);

    private CompletionTable? OfName(string name) => _tables.FirstOrDefault(table =>
        table.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || table.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));

    // Gives the place behind the name, which may have dots, and behind its alias.
    private int Read(int at)
    {
        var path = Bare(_tokens[at]);
        for (at++; at + 1 < _tokens.Count && _tokens[at].IsSign('.') && IsName(at + 1); at += 2)
        {
            path += $".{Bare(_tokens[at + 1])}";
        }

        if (OfName(path) is not { } table)
        {
            return at;
        }

        var alias = at < _tokens.Count && _tokens[at].Is("AS") ? at + 1 : at;
        var isNamed = IsName(alias) && (_tokens[alias].Kind == SqlTokenKind.QuotedName || !SqlKeywords.IsKeyword(_tokens[alias].Value));
        _used[isNamed ? Bare(_tokens[alias]) : path.Split('.')[^1]] = table;
        return isNamed ? alias + 1 : at;
    }

    private bool IsName(int at) => at < _tokens.Count && IsName(_tokens[at]);

    private static bool IsName(SqlToken token) => token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;

    private static string Bare(SqlToken token) =>
        token.Kind == SqlTokenKind.QuotedName ? token.Value.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal) : token.Value;
}

/// <summary>The words of SQL that are proposed.</summary>
internal static class SqlKeywords
{
    /// <summary>What a statement begins with.</summary>
    public static IReadOnlyList<string> Beginnings { get; } =
        ["SELECT", "WITH", "FROM", "VALUES", "EXPLAIN", "DESCRIBE", "SHOW", "SUMMARIZE", "PIVOT", "UNPIVOT", "TABLE"];

    public static IReadOnlyList<string> All { get; } =
    [
        "ALL", "ANALYZE", "AND", "ANTI", "ANY", "AS", "ASC", "ASOF", "BETWEEN", "BY", "CASE", "CAST", "CROSS", "DESC", "DESCRIBE", "DISTINCT", "ELSE",
        "END", "EXCEPT", "EXCLUDE", "EXISTS", "EXPLAIN", "FALSE", "FILTER", "FIRST", "FROM", "FULL", "GROUP", "HAVING", "ILIKE", "IN", "INNER",
        "INTERSECT", "INTERVAL", "IS", "JOIN", "LAST", "LATERAL", "LEFT", "LIKE", "LIMIT", "NATURAL", "NOT", "NULL", "NULLS", "OFFSET", "ON", "OR",
        "ORDER", "OUTER", "OVER", "PARTITION", "PIVOT", "POSITIONAL", "QUALIFY", "RECURSIVE", "REPLACE", "RIGHT", "ROWS", "SELECT", "SEMI", "SHOW",
        "SUMMARIZE", "TABLE", "TABLES", "THEN", "TRUE", "UNION", "UNPIVOT", "USING", "VALUES", "WHEN", "WHERE", "WINDOW", "WITH",
    ];

    public static IReadOnlyList<string> Functions { get; } =
    [
        "avg", "coalesce", "count", "date_diff", "date_trunc", "first_value", "json_extract_string", "lag", "last_value", "lead", "length", "list",
        "lower", "max", "median", "min", "now", "nullif", "quantile_cont", "rank", "regexp_extract", "replace", "round", "row_number", "strftime",
        "string_agg", "substr", "sum", "trim", "unnest", "upper",
    ];

    public static bool IsKeyword(string word) => All.Contains(word, StringComparer.OrdinalIgnoreCase);

    /// <summary>A keyword in capitals, unless somebody types small letters.</summary>
    public static string As(string keyword, string typed) => typed.Any(char.IsLower) ? keyword.ToLowerInvariant() : keyword;

    /// <summary>A name as it must stand in SQL.</summary>
    public static string Quoted(string name) =>
        name.All(letter => letter == '_' || char.IsAsciiLetterOrDigit(letter)) && !char.IsAsciiDigit(name.FirstOrDefault('0')) && !IsKeyword(name)
            ? name
            : DuckDBIdentifier.Quote(name);
}
