using System.CommandLine;
using Sluice.Engine;
using Sluice.Settings;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Commands;

/// <summary>The workspace that is asked: by its address, or by its name in a pipeline file.</summary>
/// <param name="shared">The option for the pipeline file, where the command has it already.</param>
internal sealed class WorkspaceOptions(PipelineFileOption? shared = null)
{
    private readonly SourceOptions _source = new();
    private readonly PipelineFileOption _file = shared ?? new();
    private readonly bool _isShared = shared is not null;
    private readonly Option<string?> _name = Flag.Text("--workspace", "NAME", "A workspace of the pipeline file, instead of an address");

    public void AddTo(Command command)
    {
        _source.AddTo(command);
        command.Add(_name);
        if (!_isShared)
        {
            _file.AddTo(command);
        }
    }

    /// <summary>Gives the source, or null when something is wrong with it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    /// <param name="address">An address that stands among the arguments without an option; null for none.</param>
    /// <param name="found">The workspace of the pipeline file when neither an address nor a name is given; null for none.</param>
    public SourceAddress? Read(CommandRun run, ValidationErrors mistakes, string? address = null, PipelineWorkspace? found = null)
    {
        var said = run.Flags.Text(_name);
        if ((said ?? (address is null && !_source.IsSaid(run.Flags) ? found?.Name : null)) is not { } name)
        {
            return _source.Read(run, mistakes, address);
        }

        if (address is not null)
        {
            mistakes.Add("A workspace and an address can't be given together.", "Leave out one of them.");
            return null;
        }

        var file = PipelineFileOption.Read(_file.Name(run.Flags), run.Host, mayBeUnset: true);
        return file.FindWorkspace(name, _file.Name(run.Flags), mistakes);
    }
}
