using System.Globalization;
using System.Runtime.CompilerServices;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Sql.Text;

namespace Sluice.Cli.Commands;

/// <summary>A shell without a terminal: it runs what stdin holds, and the first error ends it.</summary>
internal sealed class ScriptedShell(CommandRun run, ShellSession shell)
{
    /// <summary>Runs all of it; gives the exit code.</summary>
    public async Task<int> RunAsync()
    {
        await foreach (var (line, text) in ReadAsync(run.Host.In(), run.Cancel))
        {
            try
            {
                // Nobody reads any more: what costs requests is not asked for.
                if (!await shell.RunAsync(text, run.Cancel) || shell.Code != ExitCode.Done || run.Host.Out is VisibleWriter { Failure: not null })
                {
                    return shell.Code;
                }
            }
            catch (Exception error) when (error is SluiceException or CustomerIoException)
            {
                var known = error as SluiceException ?? SluiceException.From((CustomerIoException)error);
                throw new SluiceException(
                    known.Kind, string.Create(CultureInfo.InvariantCulture, $"Line {line}: {known.Message}"), known.Hint, known);
            }
        }

        return ExitCode.Done;
    }

    /// <summary>Statements and the shell's own commands, each as soon as its end is there, with the line where it begins.</summary>
    public static async IAsyncEnumerable<(int Line, string Text)> ReadAsync(TextReader input, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (begun, first) = ("", 1);
        for (var number = 1; await input.ReadLineAsync(cancel) is { } line; number++)
        {
            if (line.TrimStart().StartsWith('.') && !SqlScript.Cut(begun).HasRest)
            {
                yield return (number, line.Trim());
                (begun, first) = ("", number + 1);
                continue;
            }

            begun += $"{line}\n";
            if (!line.Contains(';', StringComparison.Ordinal))
            {
                continue;
            }

            var script = SqlScript.Cut(begun);
            foreach (var statement in script.Statements)
            {
                yield return (first + LinesBefore(begun, statement.Start), statement.Text);
            }

            first += LinesBefore(begun, script.RestStart);
            begun = begun[script.RestStart..];
        }

        if (SqlScript.Cut(begun).HasRest)
        {
            // As in other shells, the last statement needs no semicolon.
            var last = SqlScript.Cut($"{begun};").Statements is [var whole]
                ? whole
                : new ScriptStatement(begun.Length - begun.TrimStart().Length, begun.Trim());
            yield return (first + LinesBefore(begun, last.Start), last.Text);
        }
    }

    private static int LinesBefore(string text, int place) => text.AsSpan(0, place).Count('\n');
}
