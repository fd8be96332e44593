namespace Sluice.Sql.Text;

/// <summary>What a token of SQL is.</summary>
internal enum SqlTokenKind
{
    /// <summary>A keyword or a name without quotes.</summary>
    Word,

    /// <summary>A name in double quotes.</summary>
    QuotedName,

    /// <summary>Text in single quotes or between dollars.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary><c>$name</c>, <c>:name</c>, <c>@name</c> or <c>?</c>.</summary>
    Parameter,

    /// <summary>Anything else, one character.</summary>
    Sign,
}

/// <summary>A token with its place in the text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Value">How it stands there.</param>
internal sealed record SqlToken(SqlTokenKind Kind, int Start, string Value)
{
    public int End => Start + Value.Length;

    public bool Is(string word) => Kind == SqlTokenKind.Word && Value.Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool IsSign(char sign) => Kind == SqlTokenKind.Sign && Value[0] == sign;
}

/// <summary>Cuts SQL into tokens, as far as parameters, statements and names need it; DuckDB alone parses it.</summary>
internal sealed class SqlTokenizer(string sql)
{
    private int _at;

    /// <summary>The tokens, without comments and white space.</summary>
    public static IReadOnlyList<SqlToken> Read(string sql)
    {
        var tokenizer = new SqlTokenizer(sql);
        var tokens = new List<SqlToken>();
        while (tokenizer.Next() is { } token)
        {
            tokens.Add(token);
        }

        return tokens;
    }

    private SqlToken? Next()
    {
        SkipSpace();
        if (_at >= sql.Length)
        {
            return null;
        }

        var start = _at;
        var kind = Move();
        return new SqlToken(kind, start, sql[start.._at]);
    }

    private SqlTokenKind Move()
    {
        var letter = sql[_at];
        switch (letter)
        {
            case '\'':
                ToQuote('\'', HasBackslashes());
                return SqlTokenKind.Text;
            case '"':
                ToQuote('"', escapes: false);
                return SqlTokenKind.QuotedName;
            case '$' when DollarTag() is { } tag:
                var end = sql.IndexOf(tag, _at + tag.Length, StringComparison.Ordinal);
                _at = end < 0 ? sql.Length : end + tag.Length;
                return SqlTokenKind.Text;
            case '$' when IsNamePart(Peek(1)):
            case ':' when IsNamePart(Peek(1)) && !char.IsAsciiDigit(Peek(1)) && !(_at > 0 && sql[_at - 1] == ':'):
            case '@' when IsNamePart(Peek(1)) && !char.IsAsciiDigit(Peek(1)) && !(_at > 0 && sql[_at - 1] is '@' or '<'):
                _at++;
                SkipName();
                return SqlTokenKind.Parameter;
            case '?':
                _at++;
                return SqlTokenKind.Parameter;
            default:
                return MoveWord(letter);
        }
    }

    private SqlTokenKind MoveWord(char letter)
    {
        if (char.IsAsciiDigit(letter))
        {
            while (IsNamePart(Peek(0)) || Peek(0) == '.')
            {
                _at++;
            }

            return SqlTokenKind.Number;
        }

        if (IsNamePart(letter))
        {
            SkipName();
            return SqlTokenKind.Word;
        }

        _at++;
        return SqlTokenKind.Sign;
    }

    // E'it\'s': the prefix stands right before the quote.
    private bool HasBackslashes() => _at > 0 && sql[_at - 1] is 'e' or 'E' && (_at == 1 || !IsNamePart(sql[_at - 2]));

    private void ToQuote(char quote, bool escapes)
    {
        for (_at++; _at < sql.Length; _at++)
        {
            if (escapes && sql[_at] == '\\')
            {
                _at++;
            }
            else if (sql[_at] == quote && Peek(1) == quote)
            {
                _at++;
            }
            else if (sql[_at] == quote)
            {
                _at++;
                return;
            }
        }
    }

    // $$ or $tag$: a tag has no digit in front, so that $1 stays a parameter.
    private string? DollarTag()
    {
        var end = _at + 1;
        while (end < sql.Length && IsNamePart(sql[end]) && !(end == _at + 1 && char.IsAsciiDigit(sql[end])))
        {
            end++;
        }

        return end < sql.Length && sql[end] == '$' ? sql[_at..(end + 1)] : null;
    }

    private void SkipSpace()
    {
        while (_at < sql.Length)
        {
            if (char.IsWhiteSpace(sql[_at]))
            {
                _at++;
            }
            else if (sql[_at] == '-' && Peek(1) == '-')
            {
                var end = sql.IndexOf('\n', _at);
                _at = end < 0 ? sql.Length : end + 1;
            }
            else if (sql[_at] == '/' && Peek(1) == '*')
            {
                SkipComment();
            }
            else
            {
                return;
            }
        }
    }

    // DuckDB's comments nest.
    private void SkipComment()
    {
        var depth = 0;
        do
        {
            if (sql[_at] == '/' && Peek(1) == '*')
            {
                depth++;
                _at += 2;
            }
            else if (sql[_at] == '*' && Peek(1) == '/')
            {
                depth--;
                _at += 2;
            }
            else
            {
                _at++;
            }
        }
        while (depth > 0 && _at < sql.Length);
    }

    private void SkipName()
    {
        while (IsNamePart(Peek(0)))
        {
            _at++;
        }
    }

    private char Peek(int ahead) => _at + ahead < sql.Length ? sql[_at + ahead] : '\0';

    private static bool IsNamePart(char letter) => letter == '_' || char.IsAsciiLetterOrDigit(letter) || letter > 127;
}
