namespace Sluice.Simulator.Http;

/// <summary>The request budgets of one workspace.</summary>
internal sealed class Budgets(SimulatorOptions options)
{
    private readonly SlidingWindow? _app = SlidingWindow.PerSecond(options.RequestsPerSecond);
    private readonly SlidingWindow? _send = options.RequestsPerSecond > 0 ? SlidingWindow.PerSecond(100) : null;
    private readonly SlidingWindow? _trigger = options.RequestsPerSecond > 0 ? SlidingWindow.PerSecond(0.1) : null;
    private readonly SlidingWindow _archive = new(100, TimeSpan.FromDays(1));
    private readonly SlidingWindow? _track = SlidingWindow.PerSecond(options.TrackRequestsPerSecond);

    /// <summary>Null when the request may pass, else how long until one may.</summary>
    public TimeSpan? Take(Access access, TimeSpan arrival) => access switch
    {
        Access.App => _app?.Take(arrival),
        Access.AppSend => _send?.Take(arrival),
        Access.AppTrigger => _trigger?.Take(arrival),
        Access.AppArchive => _app?.Take(arrival) ?? _archive.Take(arrival),
        Access.Track or Access.TrackOpen => _track?.Take(arrival),
        _ => null,
    };

    public void Clear()
    {
        foreach (var window in new[] { _app, _send, _trigger, _archive, _track })
        {
            window?.Clear();
        }
    }
}
