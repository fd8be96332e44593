using System.CommandLine;
using Sluice.Cli.Pipelines;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice init</c>: writes a pipeline file to start from.</summary>
internal sealed class InitCommand
{
    private readonly PipelineFileOption _file = new();
    private readonly InitOptions _flags = new();
    private readonly Option<bool> _yes = Flag.Switch("--yes", "Ask nothing: what no option says is the default, as without a terminal");
    private readonly Option<bool> _force = Flag.Switch("--force", "Overwrite the pipeline file");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("init", "Write a pipeline file to begin with, after some questions", """
            Writes sluice.yaml, its schema for editors and, in a git folder, two lines of .gitignore. Asks nobody over the network.
            For example: sluice init --yes --region eu --dest-uri duckdb:///crm.duckdb --tables campaigns,messages
            """);
        _file.AddTo(command);
        _flags.AddTo(command);
        command.Add(_yes);
        command.Add(_force);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var name = _file.Name(run.Flags);
        var path = Path.Combine(run.Host.Folder, name);
        if (File.Exists(path) && !run.Flags.IsOn(_force))
        {
            throw new SluiceException(SluiceErrorKind.Config, $"{name} is there already.", "--force overwrites it; 'sluice validate' checks it.");
        }

        // Nothing has started while a question waits, and reading the answer can't be cancelled.
        run.Interruption.First = () => AbruptEnd.Now(ExitCode.Cancelled);
        var isAsked = run.Host.IsInputTerminal && !run.Flags.IsOn(_yes);
        var answers = _flags.Read(run, isAsked ? new InitQuestions(run.Host.In(), run.Host.Error) : null);
        var text = PipelineTemplate.Write(answers);
        Check(name, text, run);
        await WriteAsync(path, text, run);
        await SayAsync(name, answers, run);
        return ExitCode.Done;
    }

    // The text is validated with the reader of runs before it is written.
    private static void Check(string name, string text, CommandRun run)
    {
        var file = new PipelineReader(PipelineFileOption.Surroundings(run.Host.Settings, mayBeUnset: true)).Read(name, text);
        var mistakes = new ValidationErrors();
        foreach (var problem in file.ValidationErrors.Concat(file.Warnings))
        {
            mistakes.Add(problem.Message, problem.Fix);
        }

        mistakes.ThrowIfAny();
    }

    private static async Task WriteAsync(string path, string text, CommandRun run)
    {
        try
        {
            await WriteFileAsync(path, text, run.Cancel);
            await WriteFileAsync(Path.Combine(Path.GetDirectoryName(path)!, PipelineSchema.FileName), PipelineSchema.Write(), run.Cancel);
            await GitIgnore.AddAsync(run.Host.Folder, run.Cancel);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"The pipeline can't be written: {error.Message}", "Is the folder there, and may you write into it?", error);
        }
    }

    // The file belongs into git and holds no key: colleagues read it.
    private static async Task WriteFileAsync(string path, string text, CancellationToken cancel)
    {
        var isNew = !File.Exists(path);
        await File.WriteAllTextAsync(RegularFile.Require(path), text, cancel);
        if (isNew)
        {
            FileModes.Share(path);
        }
    }

    private static async Task SayAsync(string name, InitAnswers answers, CommandRun run)
    {
        var file = name == PipelineReader.FileName ? "" : $" {name}";
        var option = name == PipelineReader.FileName ? "" : $" --file {name}";
        var key = run.Host.Settings.Find(answers.KeyVariable) is null
            ? $"Put the App API key into a file .env here: {answers.KeyVariable}=..."
            : $"The App API key is in {answers.KeyVariable}.";
        run.HasChanged = true;
        await run.Host.Out.WriteAsync(
            $"""
            Wrote {name} and {PipelineSchema.FileName}.
            {key}
            Then: sluice validate{file}, sluice run{option} --dry-run, sluice run{option}

            """.ReplaceLineEndings("\n"));
    }
}
