using System.Diagnostics;
using System.Text;
using Xunit;

namespace Sluice.ServerTests.Servers;

/// <summary>
/// psql, another client than ours, with a connection to one database. It is kept for all questions: a client and a connection for each took a third
/// of the time that tests spent with PostgreSQL.
/// </summary>
/// <param name="start">How psql is started: it reads SQL from its input and ends at the first error.</param>
internal sealed class PsqlSession(ProcessStartInfo start) : IAsyncDisposable
{
    private const string End = "--- the end of an answer ---\n";

    private readonly SemaphoreSlim _turn = new(1);
    private readonly char[] _part = new char[4096];
    private Process? _psql;
    private Task<string>? _errors;

    /// <summary>What psql prints of the rows: unaligned, without headings, columns separated by |; fails with psql's words when it can't.</summary>
    public async Task<string> QueryAsync(string sql)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return await AskAsync(_psql ?? Start(), sql);
        }
        catch
        {
            // Who asks next must not read the rest of this answer.
            Kill();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_psql is { } psql)
        {
            psql.StandardInput.Close();
            await psql.WaitForExitAsync(CancellationToken.None);
            psql.Dispose();
        }

        _turn.Dispose();
    }

    private Process Start()
    {
        _psql = Process.Start(start) ?? throw new InvalidOperationException("psql did not start.");
        _errors = _psql.StandardError.ReadToEndAsync(CancellationToken.None);
        return _psql;
    }

    private async Task<string> AskAsync(Process psql, string sql)
    {
        // On a line of its own, because SQL may end with a comment.
        await psql.StandardInput.WriteAsync($"{sql}\n;\n\\echo '{End.TrimEnd()}'\n".AsMemory(), TestContext.Current.CancellationToken);
        await psql.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        var answer = new StringBuilder();
        while (await psql.StandardOutput.ReadAsync(_part, TestContext.Current.CancellationToken) is var read and > 0)
        {
            answer.Append(_part, 0, read);
            if (EndsAnswer(answer))
            {
                answer.Length -= End.Length;
                return answer.ToString().TrimEnd('\n');
            }
        }

        Assert.Fail($"psql ended: {await _errors!}\nIt was asked for: {sql}");
        return "";
    }

    private static bool EndsAnswer(StringBuilder answer) =>
        answer.Length >= End.Length && answer.ToString(answer.Length - End.Length, End.Length) == End;

    private void Kill()
    {
        if (_psql is { HasExited: false })
        {
            _psql.Kill();
        }

        _psql?.Dispose();
        _psql = null;
    }
}
