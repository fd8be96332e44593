using System.Text.RegularExpressions;
using Sluice.Cli.Output;
using Sluice.Cli.Terminals;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Sql;
using Sluice.Sql.Text;

namespace Sluice.Cli.Commands;

/// <summary>A shell in a terminal: it asks for one statement after another, and an error ends none but the statement.</summary>
internal sealed partial class TypedShell
{
    private const string Prompt = "sluice> ";
    private static readonly string[] Ends = ["quit", "exit"];

    private readonly CommandRun _run;
    private readonly ShellSession _shell;
    private readonly Terminal _terminal;
    private readonly SourceAddress _source;
    private readonly SqlCompletion _completion;
    private readonly History _history;
    private readonly LineEditor _editor;
    private bool _hasWarned;

    public TypedShell(CommandRun run, ShellSession shell, Terminal terminal, SourceAddress source)
    {
        (_run, _shell, _terminal, _source) = (run, shell, terminal, source);
        var folder = Path.Combine(run.Host.Folder, run.Host.Settings.WorkFolder);
        WorkFolder.Prepare(folder);
        _completion = new SqlCompletion(shell.Tables);
        _history = History.Open(Path.Combine(folder, "shell-history"), IsSecret);
        _editor = new LineEditor(terminal, _history, Complete);
        shell.MayExceed = MayExceedAsync;
    }

    public async Task RunAsync()
    {
        _terminal.Remark("SQL over Customer.io. Tab completes, .help lists commands, .quit ends.");
        while (await NextAsync())
        {
        }
    }

    /// <summary>Whether Enter behind a text runs it: it is a command, or its last statement has its end.</summary>
    public static bool IsWhole(string text) =>
        IsCommand(text) || SqlScript.Cut(text) is { HasRest: false } script && (script.Statements.Count > 0 || text.Trim().Length == 0);

    private async Task<bool> NextAsync()
    {
        var cancel = _run.Interruption.NextPart();
        try
        {
            return await _editor.ReadAsync(Prompt, IsWhole, cancel) is { } typed && await RunAsync(typed, cancel);
        }
        catch (OperationCanceledException) when (!_run.Cancel.IsCancellationRequested)
        {
            return true;
        }
    }

    private async Task<bool> RunAsync(string typed, CancellationToken cancel)
    {
        Keep(typed);
        try
        {
            foreach (var text in IsCommand(typed) ? [typed.Trim()] : SqlScript.Cut(typed).Statements.Select(statement => statement.Text))
            {
                if (Ends.Contains(text, StringComparer.OrdinalIgnoreCase) || !await _shell.RunAsync(text, cancel))
                {
                    return false;
                }
            }
        }
        catch (OperationCanceledException) when (!_run.Cancel.IsCancellationRequested)
        {
            _terminal.Remark("Stopped.");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            CommandRun.Tell(error, _run.Messages);
        }

        return true;
    }

    private static bool IsCommand(string text) =>
        text.TrimStart().StartsWith('.') || Ends.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase);

    private void Keep(string typed)
    {
        _history.Add(typed);
        if (_history.Failure is { } failure && !_hasWarned)
        {
            _hasWarned = true;
            _run.Messages.Warn($"What is typed can't be kept: {failure}");
        }
    }

    private async Task<bool> MayExceedAsync(SluiceException refusal, TimeSpan time, CancellationToken cancel)
    {
        _run.Messages.Warn(refusal.Message, refusal.Hint);
        var question = $"{QueryPriceView.Count(refusal.NeededRequests!.Value, "request")}, about {NumberFormat.Span(time)}. Run it? [y/N] ";
        var answer = await _terminal.AskAsync(question, cancel);
        return answer?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    private Completions Complete(string text, int place)
    {
        if (!text.TrimStart().StartsWith('.'))
        {
            return _completion.At(text, place);
        }

        var before = text[..place].TrimStart();
        var space = before.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
        {
            return Of(DotCommands.Names, before);
        }

        var rest = before[space..].TrimStart();
        return before[..space] switch
        {
            ".tables" or ".schema" => Of(_shell.Tables.Select(table => table.Name), rest),
            ".mode" => Of(QueryOptions.Formats, rest),
            ".cost" => _completion.At($"{new string(' ', place - rest.Length)}{text[(place - rest.Length)..]}", place),
            _ => new Completions(place, []),
        };

        Completions Of(IEnumerable<string> words, string typed)
        {
            var found = words.Where(word => word.StartsWith(typed, StringComparison.OrdinalIgnoreCase));
            return new Completions(place - typed.Length, [.. found.Order(StringComparer.Ordinal)]);
        }
    }

    // Somebody may paste a command line, or the key alone.
    private bool IsSecret(string text) =>
        text.Contains(_source.Client.AppApiKey, StringComparison.Ordinal)
        || (_source.Client.TrackApiKey is { } track && text.Contains(track, StringComparison.Ordinal))
        || Secret().IsMatch(text);

    [GeneratedRegex(@"(key|password|secret|token)=[^\s'""]", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Secret();
}
