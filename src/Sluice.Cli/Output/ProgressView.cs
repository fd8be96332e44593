using Sluice.Engine.Runs;

namespace Sluice.Cli.Output;

/// <summary>Shows where a run is until it is over.</summary>
internal interface IProgressView
{
    Task<T> ShowAsync<T>(RunProgress progress, Task<T> run, TimeProvider time);
}

/// <summary>Shows nothing.</summary>
internal sealed class NoProgress : IProgressView
{
    public Task<T> ShowAsync<T>(RunProgress progress, Task<T> run, TimeProvider time) => run;
}
