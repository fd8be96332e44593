using Sluice.Engine.Runs;

namespace Sluice.Cli.Output;

/// <summary>Shows the progress of a run until it ends.</summary>
internal interface IProgressView
{
    Task<T> ShowAsync<T>(RunProgress progress, Task<T> run, TimeProvider time);
}

/// <summary>Shows nothing.</summary>
internal sealed class NoProgress : IProgressView
{
    public Task<T> ShowAsync<T>(RunProgress progress, Task<T> run, TimeProvider time) => run;
}
