using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Commands;

/// <summary>
/// What options and arguments can be, for shells that complete: System.CommandLine knows commands and options, this adds tables, columns and the
/// names of the pipeline file. Nothing is asked of Customer.io or of a destination.
/// </summary>
internal sealed class CompletionValues(CommandHost host)
{
    private const string Directive = "[suggest:";

    private static readonly string[] Periods = ["hours", "days", "weeks", "months"];

    private static readonly string[] OfColumns =
        ["--columns", "--exclude-columns", "--incremental-key", "--mask", "--partition-by", "--primary-key", "--rename", "--unmask"];

    /// <summary>Whether a shell asks what could stand at its cursor.</summary>
    public static bool IsAsked(IReadOnlyList<string> arguments) =>
        arguments is [var first, _] && first.StartsWith(Directive, StringComparison.Ordinal) && first.EndsWith(']');

    /// <summary>
    /// The question with the line cut at the cursor, with the tool's own name however it was called, and with the value of an option as a word of its
    /// own: what is told then never begins with the option.
    /// </summary>
    public static IReadOnlyList<string> Normalize(IReadOnlyList<string> arguments, string name)
    {
        var place = arguments[0][Directive.Length..^1];
        var line = arguments[1];
        var isNumber = int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var asked);
        var end = isNumber ? Math.Min(asked, line.Length + 1) : line.Length;
        line = line.PadRight(end)[..end].TrimStart();
        var word = line.LastIndexOf(' ') + 1;
        if (line.AsSpan(word).StartsWith("--", StringComparison.Ordinal) && line.IndexOf('=', word) is var equals and > 0)
        {
            line = $"{line[..equals]} {line[(equals + 1)..]}";
        }

        var called = line.IndexOf(' ', StringComparison.Ordinal) is var space and >= 0 ? line[space..] : " ";
        return [string.Create(CultureInfo.InvariantCulture, $"{Directive}{name.Length + called.Length}]"), name + called];
    }

    /// <summary>Adds what can be told to a command and to those below it.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in command.Options)
        {
            if (Of(option) is { } values)
            {
                option.CompletionSources.Add(context => Items(context, values(context)));
            }
        }

        foreach (var argument in command.Arguments)
        {
            if (Of(command, argument) is { } values)
            {
                argument.CompletionSources.Add(context => Items(context, values(context)));
            }
        }

        foreach (var below in command.Subcommands)
        {
            AddTo(below);
        }
    }

    private Func<CompletionContext, IEnumerable<string>>? Of(Option option) => option.Name switch
    {
        "--source-table" or "--tables" => _ => Tables().Prepend(TableList.All),
        "--entry" => context => Names(context, file => file.PlaceNames),
        "--workspace" => context => Names(context, file => file.Workspaces.Select(workspace => workspace.Name)),
        var name when OfColumns.Contains(name) => Columns,
        _ when Words(option.HelpName) is { } words => _ => words,
        _ => null,
    };

    private Func<CompletionContext, IEnumerable<string>>? Of(Command command, Argument argument) => argument.Name switch
    {
        "TABLE" => _ => Tables(),
        "NAME" when command.Name == "tables" => _ => ResourceCatalog.Default.Resources.Select(resource => resource.Name),
        "NAME" when command.Name == "two-way" => context => Names(context, file => file.TwoWayNames),
        "DEST" => context => Names(context, file => file.SyncNames.Concat(file.Destinations.Select(destination => destination.Name))),
        "SYNC" => context => Names(context, file => file.SyncNames),
        "PUSH" => context => Names(context, file => file.PushNames),
        "SHELL" => _ => CompletionScripts.Shells,
        "COMMAND" => context => context.ParseResult.RootCommandResult.Command.Subcommands.Select(one => one.Name),
        _ => null,
    };

    private static IEnumerable<string> Tables() => ResourceCatalog.Default.Resources
        .SelectMany(resource => resource.TakesPeriod ? Periods.Select(period => $"{resource.Name}:{period}") : [resource.Name]);

    // The columns of the tables that the line names: those of all would be hundreds.
    private static IEnumerable<string> Columns(CompletionContext context) => context
        .ParseResult.Tokens.Select(token => token.Value)
        .SelectMany(word => word.Split(','))
        .Select(word => ResourceCatalog.Default.Find(word.Split(':')[0]))
        .OfType<Resource>()
        .SelectMany(resource => resource.Columns)
        .Select(column => column.Name)
        .Distinct(StringComparer.Ordinal);

    // A shell that completes has no place for errors: 'sluice validate' tells them.
    private IEnumerable<string> Names(CompletionContext context, Func<PipelineFile, IEnumerable<string>> names)
    {
        var option = context.ParseResult.CommandResult.Command.Options.FirstOrDefault(option => option.Name == "--file");
        var name = option is null ? null : context.ParseResult.GetResult(option)?.Tokens is [var said, ..] ? said.Value : null;
        try
        {
            return [.. names(PipelineFileOption.Read(name ?? PipelineReader.FileName, host, mayBeUnset: true)).Distinct(StringComparer.Ordinal)];
        }
        catch (SluiceException)
        {
            return [];
        }
    }

    // Of several with commas the last one is being typed.
    private static IEnumerable<CompletionItem> Items(CompletionContext context, IEnumerable<string> values)
    {
        var typed = context.WordToComplete;
        var before = typed[..(typed.LastIndexOf(',') + 1)];
        return values.Select(value => before + value)
            .Where(value => value.StartsWith(typed, StringComparison.Ordinal))
            .Select(value => new CompletionItem(value));
    }

    // The help of an option that takes one of some words lists them: soft|hard|ignore.
    private static string[]? Words(string? help) =>
        help?.Split('|') is { Length: > 1 } words && words.All(word => word.All(letter => char.IsAsciiLetterLower(letter) || letter is '-' or '+'))
            ? words
            : null;
}
