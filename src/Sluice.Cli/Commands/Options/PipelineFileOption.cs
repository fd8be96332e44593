using System.CommandLine;
using Sluice.Cli.Pipelines;
using Sluice.Engine;
using Sluice.Server.Pipelines;
using Sluice.Settings;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Commands;

/// <summary>The option for the pipeline file, and its reading.</summary>
internal sealed class PipelineFileOption
{
    private readonly Option<string?> _file = Flag.Text(
        "--file", "FILE", $"The pipeline file; paths in it and .env are of the current folder [default: {PipelineReader.FileName}]");

    public void AddTo(Command command) => command.Add(_file);

    public string Name(Flags flags) => flags.Text(_file) ?? PipelineReader.FileName;

    /// <summary>Whether there is such a file, or one was asked for.</summary>
    public bool IsThere(CommandRun run) => run.Flags.Text(_file) is not null || File.Exists(Path.Combine(run.Host.Folder, PipelineReader.FileName));

    /// <summary>Reads a file, which can have errors.</summary>
    public static PipelineFile Read(
        string name, CommandHost host, bool mayBeUnset, IReadOnlyCollection<string>? chosen = null,
        PipelineSection section = PipelineSection.Syncs) =>
        new PipelineReader(Surroundings(host.Settings, mayBeUnset)).ReadFile(Path.Combine(host.Folder, name), name, chosen, section);

    /// <summary>Reads the file for work to be done by it: without errors as far as what is chosen needs it. Tells its warnings.</summary>
    /// <exception cref="SluiceException">Something is wrong with it (kind Config).</exception>
    public PipelineFile ReadGood(CommandRun run, IReadOnlyList<string> chosen, PipelineSection section, bool mayBeUnset = false)
    {
        var name = Name(run.Flags);
        var file = Read(name, run.Host, mayBeUnset, chosen, section);
        foreach (var warning in file.Warnings)
        {
            run.Messages.Warn(warning.ToString(), warning.Fix);
        }

        return file.ValidationErrors.Count == 0
            ? file
            : throw new SluiceException(
                SluiceErrorKind.Config,
                $"{PipelineText.Count(file.ValidationErrors.Count, "mistake")} in " +
                    $"{name}:\n{string.Concat(file.ValidationErrors.Select(mistake => PipelineText.Lines(mistake))).TrimEnd()}"
            );
    }

    public static PipelineContext Surroundings(SettingsLookup settings, bool mayBeUnset) =>
        PipelineSurroundings.Of(settings.Find, new KeyOrigins(settings.IsOfFile), settings.WorkFolder, mayBeUnset);
}
