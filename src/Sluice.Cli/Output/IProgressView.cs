using Sluice.Engine.Runs;

namespace Sluice.Cli.Output;

/// <summary>Shows where a run is until it is over.</summary>
internal interface IProgressView
{
    Task<RunReport> ShowAsync(RunProgress progress, Task<RunReport> run, TimeProvider time);
}
