using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Runs;

namespace Sluice.Server.Runs;

/// <summary>Runs syncs and pushes of the pipeline, and turns what they throw into results.</summary>
internal sealed class PipelineExecutor(SyncExecutor syncs, PushExecutor pushes) : IRunExecutor
{
    public async Task<IReadOnlyList<string>> LeasesAsync(RunTarget target, CancellationToken cancel)
    {
        try
        {
            return target.Kind == RunKind.Push ? await pushes.LeasesAsync(target.Name, cancel) : await syncs.LeasesAsync(target.Name, cancel);
        }
        catch (SluiceException)
        {
            // The run tells what is wrong; nothing else needs to wait for it.
            return [$"{RunWords.Of(target.Kind)}:{target.Name}"];
        }
    }

    public async Task<RunResult> RunAsync(RunOrder order, CancellationToken cancel)
    {
        try
        {
            return order.Request.Target.Kind == RunKind.Push ? await pushes.RunAsync(order, cancel) : await syncs.RunAsync(order, cancel);
        }
        catch (SluiceException error)
        {
            return Failed(error, order.Watch.Log);
        }
        catch (CustomerIoException error)
        {
            return Failed(SluiceException.From(error), order.Watch.Log);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            order.Watch.Log.Error(error.ToString());
            return new RunResult(ExitCode.Unexpected, $"Something nobody foresaw: {error.GetType().Name}. The log has more.");
        }
    }

    private static RunResult Failed(SluiceException error, RunLog log)
    {
        log.Error(error.Message, error.Hint);
        return new RunResult(ExitCode.Of(error.Kind), $"{error.Message} {error.Hint}".TrimEnd());
    }
}
