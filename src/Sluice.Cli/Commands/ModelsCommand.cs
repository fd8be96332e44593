using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice models</c>: views that answer questions, made in a destination that is there.</summary>
internal sealed class ModelsCommand
{
    private readonly DestinationArgument _destination = new("or the name of a model, to see its columns and its SQL");
    private readonly Option<bool> _list = Flag.Switch("--list", "List the models, and what each is made from");
    private readonly Option<bool> _drop = Flag.Switch("--drop", "Remove the views that Sluice has made; tables and other views stay");
    private readonly Option<bool> _dryRun = Flag.Switch("--dry-run", "Only print the statements");
    private readonly Option<string?> _dialect = Flag.Text(
        "--dialect", string.Join('|', ModelDocumentation.Dialects), "In whose SQL a model is shown [default: duckdb]");

    private readonly Option<bool> _json = Flag.Switch("--json", "Write JSON");
    private readonly Option<bool> _markdown = Flag.Switch("--markdown", "Write all models as Markdown, as docs/models.md has them");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand(
            "models",
            "Make views that answer questions without joins and JSON, from the tables of a destination",
            """
            For example: sluice models crm.duckdb
                         sluice models deliveries --dialect postgresql
            The views stand in SCHEMA_models, as customerio_models. --models of ingest, or models: true in a pipeline file, makes them after each run.
            """);
        _destination.AddTo(command);
        foreach (var option in new Option[] { _list, _drop, _dryRun, _dialect, _json, _markdown })
        {
            command.Add(option);
        }

        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var dialect = run.Flags.Word(_dialect, ModelDocumentation.Dialects, mistakes);
        var text = run.Flags.IsOn(_markdown) ? ModelView.Markdown()
            : run.Flags.IsOn(_list) ? ModelView.List()
            : _destination.Said(run.Flags) is { } said && ModelDocumentation.Find(said) is { } model ? ModelView.Describe(model, dialect)
            : null;
        if (text is not null)
        {
            mistakes.ThrowIfAny();
            await run.Host.Out.WriteAsync(text);
            return ExitCode.Done;
        }

        var chosen = _destination.Read(run, mistakes);
        mistakes.ThrowIfAny();
        RequireNoMisspelling(_destination.Said(run.Flags), chosen.Uri);
        RequireModels(chosen.Uri);
        await using var destination = await DestinationArgument.OpenAsync(chosen.Uri, run.Cancel);
        var models = destination.Models(chosen.Schema)!;
        return run.Flags.IsOn(_drop) ? await DropAsync(models, run) : await MakeAsync(models, run);
    }

    // A word that is no file was meant for a model.
    private static void RequireNoMisspelling(string? said, string uri)
    {
        if (said is not null && said.All(letter => char.IsAsciiLetter(letter) || letter == '_') && DestinationFile.IsMissing(uri)
            && Suggestion.For(said, ModelDocumentation.All.Select(model => model.Name)) is { } question)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"There is neither a model nor a file called '{said}'.", question);
        }
    }

    private static void RequireModels(string uri)
    {
        if (!DestinationRegistry.HasModels(uri))
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                "Models are views, and files have none.",
                $"Use {DestinationRegistry.WithModels}; for a lake 'sluice ddl --models' prints them for a warehouse.");
        }
    }

    private async Task<int> MakeAsync(IModelViews models, CommandRun run)
    {
        var isDryRun = run.Flags.IsOn(_dryRun);
        var reports = await models.MakeAsync(isDryRun, run.Cancel);
        run.HasChanged |= !isDryRun;
        await run.Host.Out.WriteAsync(
            isDryRun ? string.Concat(reports.SelectMany(report => report.Statements).Select(statement => $"{statement};\n\n"))
            : run.Flags.IsOn(_json) ? ModelView.Json(reports)
            : ModelView.Table(reports));
        ModelView.Explain(reports, run.Messages);
        if (reports.All(report => report.Outcome == ModelOutcome.Lacking))
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                "There are no tables that a model could be made from.",
                "'sluice ingest' loads them; --dest-schema names another schema than customerio.");
        }

        return reports.Any(report => report.Outcome == ModelOutcome.Taken) ? ExitCode.Partial : ExitCode.Done;
    }

    private static async Task<int> DropAsync(IModelViews models, CommandRun run)
    {
        var dropped = await models.DropAsync(run.Cancel);
        run.HasChanged = true;
        await run.Host.Out.WriteLineAsync(
            dropped.Count == 0 ? "There are no views that Sluice has made." : $"Removed: {string.Join(", ", dropped)}. No table was changed.");
        return ExitCode.Done;
    }
}
