using System.CommandLine;
using System.CommandLine.Parsing;
using Sluice.Cli.Commands;
using Sluice.Engine.Config;
using Sluice.Engine.Runs;

namespace Sluice.Cli;

/// <summary>From the arguments to the exit code.</summary>
internal static class Application
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandHost host)
    {
        var parsed = new SluiceCommand(host).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            await ExplainAsync(parsed, host.Error);
            return ExitCode.Config;
        }

        var streams = new InvocationConfiguration
        {
            Output = host.Out,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
            // Signals are the commands' own affair: the first one ends a run in good order.
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(streams, CancellationToken.None);
    }

    private static async Task ExplainAsync(ParseResult parsed, TextWriter error)
    {
        foreach (var problem in parsed.Errors)
        {
            await error.WriteLineAsync($"error: {problem.Message}");
        }

        var names = Names(parsed.CommandResult.Command).ToList();
        foreach (var typed in parsed.UnmatchedTokens.Where(token => !names.Contains(token, StringComparer.Ordinal)))
        {
            if (Suggestion.For(typed, Comparable(typed, names)) is { } question)
            {
                await error.WriteLineAsync($"  {question}");
            }
        }

        await error.WriteLineAsync($"  '{PathOf(parsed.CommandResult)} --help' lists what there is.");
    }

    private static IEnumerable<string> Comparable(string typed, List<string> names) =>
        names.Where(name => name.StartsWith('-') == typed.StartsWith('-') && name.Length > 2);

    private static IEnumerable<string> Names(Command command) =>
        command.Options.Select(option => option.Name).Concat(command.Subcommands.Select(subcommand => subcommand.Name))
            .Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options).Where(option => option.Recursive).Select(option => option.Name));

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "sluice";
}
