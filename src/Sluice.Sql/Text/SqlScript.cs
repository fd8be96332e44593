namespace Sluice.Sql.Text;

/// <summary>A statement of a script.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Text">The statement without its semicolon.</param>
public sealed record ScriptStatement(int Start, string Text);

/// <summary>A script that is typed or read line by line, so that its last statement may lack an end.</summary>
public sealed class SqlScript
{
    private SqlScript(IReadOnlyList<ScriptStatement> statements, int restStart, bool hasRest) =>
        (Statements, RestStart, HasRest) = (statements, restStart, hasRest);

    /// <summary>The statements that a semicolon ends.</summary>
    public IReadOnlyList<ScriptStatement> Statements { get; }

    /// <summary>Where the text behind the last of these semicolons begins.</summary>
    public int RestStart { get; }

    /// <summary>Whether a statement, a text or a comment is begun there and has no end yet.</summary>
    public bool HasRest { get; }

    /// <summary>Cuts a script at semicolons outside of texts and comments.</summary>
    /// <param name="text">As much of the script as there is.</param>
    public static SqlScript Cut(string text)
    {
        var statements = new List<ScriptStatement>();
        SqlToken? first = null;
        var (restStart, isOpen) = (0, true);
        // A semicolon more ends what can be ended: it is not found within a text or a comment that is open.
        foreach (var token in SqlTokenizer.Read($"{text}\n;"))
        {
            if (!token.IsSign(';'))
            {
                first ??= token;
            }
            else if (token.Start > text.Length)
            {
                isOpen = false;
            }
            else
            {
                if (first is not null)
                {
                    statements.Add(new ScriptStatement(first.Start, text[first.Start..token.Start].TrimEnd()));
                }

                (first, restStart) = (null, token.End);
            }
        }

        return new SqlScript(statements, restStart, isOpen || first is not null);
    }
}
