using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Sluice.Cli.Commands;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;

namespace Sluice.Cli;

/// <summary>Runs the tool: arguments in, exit code out.</summary>
internal static partial class Application
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandHost host)
    {
        host = host with { Out = new VisibleWriter(host.Out), Error = new VisibleWriter(host.Error) };

        // Asked by scripts and installers again and again, and answered without building a command line.
        if (arguments is ["--version"])
        {
            await host.Out.WriteLineAsync(ProductVersion.Line);
            return ExitCode.Done;
        }

        // Without arguments the tool prints its help, like others do.
        var parsed = Parse(arguments, host);
        if (parsed.Errors.Count > 0)
        {
            await TellAsync(parsed, arguments.Contains("--json", StringComparer.Ordinal), host);
            return ExitCode.Config;
        }

        var streams = new InvocationConfiguration
        {
            Output = host.Out,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
            // Commands handle signals themselves: the first one stops a run gracefully.
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(streams, CancellationToken.None);
    }

    private static ParseResult Parse(IReadOnlyList<string> arguments, CommandHost host)
    {
        var command = new SluiceCommand(host, arguments is [var first, ..] ? first : null);
        if (!CompletionValues.IsAsked(arguments))
        {
            return command.Parse(arguments.Count == 0 ? ["--help"] : arguments);
        }

        new CompletionValues(host).AddTo(command);
        return command.Parse(CompletionValues.Normalize(arguments, command.Name));
    }

    private static async Task TellAsync(ParseResult parsed, bool json, CommandHost host)
    {
        var problems = Problems(parsed);
        var advice = $"'{PathOf(parsed.CommandResult)} --help' lists what there is.";
        foreach (var problem in problems)
        {
            await host.Error.WriteLineAsync($"error: {problem}");
        }

        await host.Error.WriteLineAsync($"  {advice}");
        if (json)
        {
            await host.Out.WriteLineAsync(ErrorJson.Write(string.Join('\n', problems), advice, SluiceErrorKind.Config, ExitCode.Config));
        }
    }

    private static List<string> Problems(ParseResult parsed)
    {
        var unknown = Unknown(parsed.UnmatchedTokens);
        if (unknown.Count == 0)
        {
            return [.. parsed.Errors.Select(problem => HideKeys(problem.Message))];
        }

        var names = Names(parsed.CommandResult.Command).ToList();
        var problems = new List<string>();
        foreach (var typed in unknown)
        {
            var what = typed.StartsWith('-') ? "option" : parsed.CommandResult.Command.Subcommands.Count > 0 ? "command" : "argument";
            problems.Add($"There is no {what} '{HideKeys(typed)}'. {Suggestion.For(typed, Comparable(typed, names))}".TrimEnd());
        }

        return problems;
    }

    // What follows an unknown option is its value, not another error.
    private static IReadOnlyList<string> Unknown(IReadOnlyList<string> tokens)
    {
        var options = tokens.Where(token => token.StartsWith('-')).Select(token => token.Split('=')[0]).ToList();
        return options.Count > 0 ? options : tokens;
    }

    private static IEnumerable<string> Comparable(string typed, List<string> names) =>
        names.Where(name => name.StartsWith('-') == typed.StartsWith('-') && name.Length > 2);

    private static IEnumerable<string> Names(Command command) =>
        command
            .Options.Select(option => option.Name)
            .Concat(command.Subcommands.Select(subcommand => subcommand.Name))
            .Concat(
                command.Parents.OfType<Command>().SelectMany(parent => parent.Options).Where(option => option.Recursive).Select(option => option.Name)
            );

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "sluice";

    // What the user typed can contain a key, for example an address in the wrong place.
    private static string HideKeys(string text) => User().Replace(Key().Replace(text, "$1***"), "://***@");

    [GeneratedRegex(@"((?:api_key|site_id|password|secret|token|sig|key)=)[^&\s'""]*", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Key();

    // Up to the last @, because a password can hold anything.
    [GeneratedRegex(@"://.*@", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex User();
}
