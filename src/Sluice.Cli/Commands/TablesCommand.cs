using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice tables</c>: what can be read.</summary>
internal sealed class TablesCommand
{
    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "A table, to see its columns and what to know of it",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _json = Flag.Switch("--json", "Write JSON");
    private readonly Option<bool> _markdown = Flag.Switch("--markdown", "Write Markdown, as docs/tables.md is made");
    private readonly Option<bool> _diagrams = Flag.Switch("--diagrams", "Write how the tables lead to each other, as diagrams of Mermaid");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand(
            "tables", "List the tables with their keys, strategies, columns and documentation", "For example: sluice tables campaigns");
        command.Add(_name);
        command.Add(_json);
        command.Add(_markdown);
        command.Add(_diagrams);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var resources = Chosen(run.Flags.Argument(_name));
        var text = run.Flags.IsOn(_json) ? CatalogJsonView.Write(resources)
            : run.Flags.IsOn(_markdown) ? CatalogMarkdown.Write(resources)
            : run.Flags.IsOn(_diagrams) ? CatalogDiagrams.Write(ResourceCatalog.Default)
            : run.Flags.Argument(_name) is null ? CatalogText.List(resources, run.Host.Width)
            : CatalogText.Describe(resources[0], run.Host.Width);
        await run.Host.Out.WriteAsync(text);
        return ExitCode.Done;
    }

    private static IReadOnlyList<Resource> Chosen(string? name)
    {
        if (name is null)
        {
            return ResourceCatalog.Default.Resources;
        }

        // Columns don't depend on the period: campaign_metrics and campaign_metrics:days have the same description.
        var bare = name.Split(':')[0];
        return ResourceCatalog.Default.Find(bare) is { } found ? [found] : throw Unknown(bare);
    }

    private static SluiceException Unknown(string name)
    {
        var isKnown = TableName.TryParse(name, ResourceCatalog.Default, out _, out var problem);
        return new SluiceException(SluiceErrorKind.Config, isKnown || problem is null ? $"There is no table '{name}'." : problem);
    }
}
