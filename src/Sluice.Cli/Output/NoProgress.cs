using Sluice.Engine.Runs;

namespace Sluice.Cli.Output;

/// <summary>Shows nothing.</summary>
internal sealed class NoProgress : IProgressView
{
    public Task<RunReport> ShowAsync(RunProgress progress, Task<RunReport> run, TimeProvider time) => run;
}
