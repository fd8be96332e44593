using System.CommandLine;
using Sluice.Cli.Pipelines;
using Sluice.Engine.Runs;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice validate</c>: all errors of a pipeline file.</summary>
internal sealed class ValidateCommand
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = $"The pipeline file [default: {PipelineReader.FileName}]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _schema = Flag.Switch("--schema", "Print the JSON Schema of pipeline files for editors, and look at no file");
    private readonly Option<bool> _withoutEnvironment = Flag.Switch(
        "--without-env", "Look at the file alone: variables that are not set are no mistakes, for machines without keys");
    private readonly Option<bool> _json = Flag.Switch("--json", "Write the result as JSON");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("validate", "Tell everything that is wrong with a pipeline file, with line and fix", """
            Asks nobody and writes nothing. Exit codes: 0 nothing is wrong, 2 mistakes.
            For example: sluice validate --schema > sluice.schema.json
            """);
        command.Add(_file);
        command.Add(_schema);
        command.Add(_withoutEnvironment);
        command.Add(_json);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        if (run.Flags.IsOn(_schema))
        {
            await run.Host.Out.WriteAsync(PipelineSchema.Write());
            return ExitCode.Done;
        }

        var name = run.Flags.Argument(_file) ?? PipelineReader.FileName;
        var file = PipelineFileOption.Read(name, run.Host, run.Flags.IsOn(_withoutEnvironment));
        await run.Host.Out.WriteAsync(run.Flags.IsOn(_json) ? PipelineJsonView.Write(name, file) : PipelineText.Write(name, file));
        return file.ValidationErrors.Count == 0 ? ExitCode.Done : ExitCode.Config;
    }
}
