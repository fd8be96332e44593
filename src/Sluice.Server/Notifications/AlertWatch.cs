using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Sluice.Engine;
using Sluice.Server.Runs;

namespace Sluice.Server.Notifications;

/// <summary>Looks for what is to be told whenever a run has ended and every minute besides, and sends what waits.</summary>
internal sealed class AlertWatch(Alerts alerts, Deliveries deliveries, TimeProvider time) : BackgroundService, IRunObserver
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    private volatile TaskCompletionSource _news = New();

    public Task EndedAsync(string runId, CancellationToken cancel)
    {
        _news.TrySetResult();
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            _news = New();
            try
            {
                await alerts.LookAsync(stoppingToken);
                await deliveries.SendAllAsync(stoppingToken);
            }
            catch (Exception error) when (error is SluiceException or DbException)
            {
                // The control database or the pipeline file can't be read now: the next look finds what this one has not.
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.WhenAny(_news.Task, Task.Delay(Look, time, stoppingToken));
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
