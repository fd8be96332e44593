using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;

namespace Sluice.Sql.Text;

/// <summary>What is to be done with a statement.</summary>
public enum StatementKind
{
    /// <summary>Its rows are wanted.</summary>
    Query,

    /// <summary>What it would cost is wanted.</summary>
    Explain,

    /// <summary>What it has cost is wanted: it runs, and its rows are not shown.</summary>
    ExplainAnalyze,

    /// <summary>It begins or ends a transaction, of which the API has none.</summary>
    Transaction,
}

/// <summary>One statement with its parameters filled in.</summary>
public sealed partial class SqlStatement
{
    private static readonly string[] Readers =
        ["SELECT", "WITH", "FROM", "VALUES", "TABLE", "DESCRIBE", "DESC", "SHOW", "SUMMARIZE", "PIVOT", "UNPIVOT", "PIVOT_WIDER", "PIVOT_LONGER"];

    private static readonly string[] Writers = ["INSERT", "UPDATE", "DELETE", "MERGE", "CALL"];

    private static readonly string[] Callers = ["EXEC", "EXECUTE"];

    private static readonly string[] BeforeValues =
        ["WHERE", "AND", "OR", "NOT", "LIKE", "ILIKE", "BETWEEN", "SELECT", "LIMIT", "OFFSET", "WHEN", "THEN", "ELSE", "ON", "HAVING"];

    private static readonly string[] Transactions = ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT"];

    private SqlStatement(StatementKind kind, string text, IReadOnlyList<SqlToken> tokens) => (Kind, Text, Tokens) = (kind, text, tokens);

    /// <summary>What is to be done with it.</summary>
    public StatementKind Kind { get; }

    /// <summary>The query itself, without EXPLAIN.</summary>
    public string Text { get; }

    /// <summary>What it changes by: INSERT, UPDATE, DELETE, MERGE or CALL; null for a query.</summary>
    public string? WriteVerb { get; private init; }

    /// <summary>Whether it takes back what was done, which no API can.</summary>
    public bool IsRollback => Kind == StatementKind.Transaction && (Tokens[0].Is("ROLLBACK") || Tokens[0].Is("ABORT"));

    /// <summary>Whether it begins a transaction.</summary>
    public bool IsBegin => Kind == StatementKind.Transaction && (Tokens[0].Is("BEGIN") || Tokens[0].Is("START"));

    internal IReadOnlyList<SqlToken> Tokens { get; }

    /// <summary>Every word that stands anywhere in it, also in texts and quotes: a name of a table that is none of them is not used.</summary>
    internal IReadOnlySet<string> Words => field ??= AnyWord().Matches(Text).Select(word => word.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it asks which tables there are.</summary>
    internal bool ListsTables =>
        Tokens[0].Is("SHOW") || Tokens[0].Is("DESCRIBE") || Tokens[0].Is("DESC")
        || Words.Contains("information_schema") || Words.Contains("pg_catalog")
        || Words.Any(word => word.StartsWith("duckdb_", StringComparison.OrdinalIgnoreCase));

    /// <summary>Splits a script at its semicolons and puts parameters in.</summary>
    /// <param name="script">One or more statements.</param>
    /// <param name="parameters">Values by name, without <c>$</c>; those of <c>?</c> are named 1, 2 and so on in the order of their places.</param>
    /// <exception cref="SluiceException">A statement neither reads nor changes tables, or a parameter has no value (kind Config).</exception>
    public static IReadOnlyList<SqlStatement> ParseAll(string script, IReadOnlyDictionary<string, string?> parameters) =>
        ParseAll(script, name => parameters.TryGetValue(name, out var value) ? Literal(value) : null);

    /// <summary>Splits a script, all of whose parameters are given, and fails when one is given that it does not have.</summary>
    /// <param name="script">One or more statements.</param>
    /// <param name="parameters">Values by name, without <c>$</c>.</param>
    /// <exception cref="SluiceException">As <see cref="ParseAll(string, IReadOnlyDictionary{string, string})"/> does, or a name is that of no
    /// parameter (kind Config).</exception>
    public static IReadOnlyList<SqlStatement> ParseWhole(string script, IReadOnlyDictionary<string, string?> parameters)
    {
        var used = new SortedSet<string>(StringComparer.Ordinal);
        ParseAll(script, name =>
        {
            used.Add(name);
            return "NULL";
        });
        if (parameters.Keys.FirstOrDefault(name => !used.Contains(name)) is { } unknown)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"--param {unknown}: the query has no such parameter.",
                Suggestion.For(unknown, used.Except(parameters.Keys, StringComparer.Ordinal))
                    ?? (used.Count > 0 ? $"It has {string.Join(", ", used)}." : $"Write ${unknown} in the query where the value belongs."));
        }

        return ParseAll(script, parameters);
    }

    /// <summary>Splits a script at its semicolons and puts values in that stand as SQL already.</summary>
    /// <param name="script">One or more statements.</param>
    /// <param name="literalOf">Gives the value by a parameter's name without its sign, or the place of a <c>?</c>; null for none.</param>
    /// <exception cref="SluiceException">A statement neither reads nor changes tables, or a parameter has no value (kind Config).</exception>
    public static IReadOnlyList<SqlStatement> ParseAll(string script, Func<string, string?> literalOf)
    {
        var statements = new List<SqlStatement>();
        var part = new List<SqlToken>();
        foreach (var token in SqlTokenizer.Read(script).Append(new SqlToken(SqlTokenKind.Sign, script.Length, ";")))
        {
            if (!token.IsSign(';'))
            {
                part.Add(token);
                continue;
            }

            if (part.Count > 0)
            {
                statements.Add(Parse(script, part, literalOf));
                part = [];
            }
        }

        return statements;
    }

    /// <summary>The value of a parameter as it stands in SQL: a number, true, false, null, or text.</summary>
    public static string Literal(string? value) => value switch
    {
        null => "NULL",
        _ when value.ToUpperInvariant() is "NULL" or "TRUE" or "FALSE" => value.ToUpperInvariant(),
        // Behind a minus of the query a second one would begin a comment.
        _ when Number().IsMatch(value) => value[0] == '-' ? $"({value})" : value,
        ['\'', .., '\''] when value.Length > 1 => DuckDBLiteral.Quote(value[1..^1].Replace("''", "'", StringComparison.Ordinal)),
        _ => DuckDBLiteral.Quote(value),
    };

    /// <summary>The same statement in other words.</summary>
    internal SqlStatement With(string text) => new(Kind, text, SqlTokenizer.Read(text)) { WriteVerb = WriteVerb };

    private static SqlStatement Parse(string script, IReadOnlyList<SqlToken> tokens, Func<string, string?> literalOf)
    {
        var kind = StatementKind.Query;
        var first = 0;
        if (tokens[0].Is("EXPLAIN"))
        {
            kind = tokens.Count > 1 && tokens[1].Is("ANALYZE") ? StatementKind.ExplainAnalyze : StatementKind.Explain;
            first = kind == StatementKind.Explain ? 1 : 2;
        }

        var query = tokens.Skip(first).ToList();
        if (query.Count == 0)
        {
            throw new SluiceException(SluiceErrorKind.Config, "EXPLAIN needs a query behind it.", "For example: EXPLAIN SELECT id FROM campaigns");
        }

        var isTransaction = kind == StatementKind.Query && Transactions.Any(query[0].Is);
        var verb = isTransaction ? null : VerbOf(query);
        var text = Fill(script[query[0].Start..query[^1].End], query[0].Start, query, literalOf);
        return new SqlStatement(isTransaction ? StatementKind.Transaction : kind, text, query) { WriteVerb = verb };
    }

    private static string Fill(string text, int offset, IReadOnlyList<SqlToken> tokens, Func<string, string?> literalOf)
    {
        var place = 0;
        var moved = -offset;
        foreach (var (at, token) in tokens.Index().Where(one => one.Item.Kind == SqlTokenKind.Parameter))
        {
            var name = token.Value == "?" ? (++place).ToString(CultureInfo.InvariantCulture) : token.Value[1..];
            if (literalOf(name) is not { } literal)
            {
                // A colon can be part of something else, such as a slice or a key of a struct; @ is an operator, too.
                // Nothing calls a parameter: {'a':upper(b)} is a struct.
                var isCalled = token.End + moved < text.Length && text[token.End + moved] == '(';
                var before = at == 0 ? null : tokens[at - 1];
                if (
                    token.Value[0] is ':' or '@'
                    && (isCalled || !IsMeant(token, before) && !Writers.Any(tokens[0].Is) && !Callers.Any(tokens[0].Is)))
                {
                    continue;
                }

                throw new SluiceException(
                    SluiceErrorKind.Config, $"The parameter {token.Value} has no value.", $"Give it one: --param {name}=VALUE");
            }

            text = string.Concat(text.AsSpan(0, token.Start + moved), literal, text.AsSpan(token.End + moved));
            moved += literal.Length - token.Value.Length;
        }

        return text;
    }

    // Behind an operator or such a word a value is needed, and a colon is no part of anything else.
    private static bool IsMeant(SqlToken token, SqlToken? before) =>
        token.Value[0] == ':' && before is not null
        && (before.Kind == SqlTokenKind.Sign ? "=<>(,+-*/%|".Contains(before.Value[0], StringComparison.Ordinal) : BeforeValues.Any(before.Is));

    // What passes here as a query and changes something all the same is found in the plan.
    private static string? VerbOf(IReadOnlyList<SqlToken> tokens)
    {
        var first = tokens.FirstOrDefault(token => !token.IsSign('('))?.Value.ToUpperInvariant() ?? "";
        if (Readers.Contains(first, StringComparer.Ordinal))
        {
            return first == "WITH" ? VerbBehindTables(tokens) : null;
        }

        if (Writers.Contains(first, StringComparer.Ordinal))
        {
            return first;
        }

        if (Callers.Contains(first, StringComparer.Ordinal))
        {
            return "CALL";
        }

        if (first == "TRUNCATE")
        {
            throw new SluiceException(
                SluiceErrorKind.Config, "Customer.io has no call that empties a table: nothing was sent.", "DELETE FROM deletes row by row.");
        }

        throw new SluiceException(
            SluiceErrorKind.Config,
            $"A statement begins with SELECT, WITH, FROM, VALUES, PIVOT, SUMMARIZE, DESCRIBE, SHOW, EXPLAIN, INSERT, UPDATE, DELETE, MERGE or CALL, "
                + $"not with {Shown(first)}.",
            "Settings, files, extensions and other databases can't be reached from here: --attach opens a DuckDB file to read.");
    }

    // WITH names tables for a statement that changes something, too.
    private static string? VerbBehindTables(IReadOnlyList<SqlToken> tokens)
    {
        var depth = 0;
        for (var place = 0; place < tokens.Count; place++)
        {
            depth += tokens[place].IsSign('(') ? 1 : tokens[place].IsSign(')') ? -1 : 0;
            if (depth == 0 && place > 0 && tokens[place - 1].IsSign(')') && Writers.FirstOrDefault(tokens[place].Is) is { } verb)
            {
                return verb;
            }
        }

        return null;
    }

    /// <summary>The refusal of a statement that would change something, where only queries are answered.</summary>
    internal static SluiceException Refused(string verb) => new(
        SluiceErrorKind.Config,
        $"{verb} would change something, and here only queries are answered: nothing was sent.",
        "Write the query as a SELECT; 'sluice query' makes changes.");

    private static string Shown(string word) => word.Length > 30 ? $"{word[..30]}…" : word;

    [GeneratedRegex(@"\w+", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex AnyWord();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,15})?\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Number();
}
