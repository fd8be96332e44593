using Sluice.Engine.Runs;
using Sluice.Server.Control;
using Sluice.Server.Notifications;
using Sluice.Server.Pipelines;
using Sluice.Server.Runs;
using Sluice.Server.Secrets;
using Sluice.Server.Status;
using Sluice.Settings.Pipelines;

namespace Sluice.Tests.Server.Watching;

/// <summary>What tells people how it stands, over a control database of its own, with a clock that is set by hand.</summary>
internal sealed class WatchBench : IAsyncDisposable
{
    private readonly ControlBench _parts;

    private WatchBench(ControlBench parts)
    {
        _parts = parts;
        Slack = new RecordingSender();
        (Alerts, Deliveries) = NodeOver(parts.Control, "a");
    }

    public ControlBench Parts => _parts;

    public RecordingSender Slack { get; }

    public Alerts Alerts { get; }

    public Deliveries Deliveries { get; }

    public static async Task<WatchBench> OpenAsync(string now, string schedule = "daily", string channels = "team: {slack: \"https://hooks.example.com/x\"}")
    {
        var bench = new WatchBench(await ControlBench.OpenAsync(now));
        bench.Write(channels, ("daily", schedule));
        await bench._parts.Scheduler.LookAsync(default);
        return bench;
    }

    /// <summary>Writes the pipeline file: channels, and a sync for each name with its schedule.</summary>
    public void Write(string channels, params (string Name, string Schedule)[] syncs)
    {
        _parts.Write(syncs);
        File.AppendAllText(Path.Combine(_parts.Folder, "sluice.yaml"), channels.Length == 0 ? "" : $"notifications:\n  {channels}\n");
    }

    /// <summary>What another node has that shares the database.</summary>
    public (Alerts Alerts, Deliveries Deliveries) NodeOver(ControlDatabase control, string name)
    {
        var options = _parts.Options with { Node = name };
        var secrets = new SecretStore(control, new Seal(SealKeys.Read(_ => null, options.WorkFolder, false)), options.Time);
        var pipelines = new PipelineStore(options, control, secrets);
        return (
            new Alerts(pipelines, new Overview(pipelines, _parts.Scheduler, control, options.Time), control, options),
            new Deliveries(pipelines, control, [Slack], options));
    }

    /// <summary>A run that ends in a while; then looks.</summary>
    public async Task RunAsync(int exitCode = ExitCode.Done, string name = "daily")
    {
        await _parts.Queue.AskAsync(new RunTarget(name, RunKind.Sync), RunReason.Manual, "ann", RunChoices.None, default);
        var run = (await _parts.Runner.BeginAllAsync(default)).Single(one => one.Order.Request.Target.Name == name);
        _parts.Executor.End(run.Order.RunId, exitCode);
        await run.Ended;
        await LookAsync();
    }

    /// <summary>Time goes by; then looks.</summary>
    public Task PassAsync(TimeSpan time)
    {
        _parts.Time.Advance(time);
        return LookAsync();
    }

    public async Task LookAsync()
    {
        await Alerts.LookAsync(default);
        await Deliveries.SendAllAsync(default);
    }

    /// <summary>What was told since the last time, as <c>event name</c>.</summary>
    public IReadOnlyList<string> Told()
    {
        var told = Slack.Taken.SelectMany(message => message.Rows).Select(row => $"{row.Facts.Event} {row.Facts.Name}").ToList();
        Slack.Taken.Clear();
        return told;
    }

    public Task<IReadOnlyList<NotificationRow>> RowsAsync() =>
        _parts.Control.ListAsync<NotificationRow>($"SELECT {NotificationRow.Columns} FROM notifications ORDER BY id", null, default);

    public ValueTask DisposeAsync() => _parts.DisposeAsync();
}

/// <summary>Keeps messages, and answers as the test says.</summary>
internal sealed class RecordingSender : IChannelSender
{
    public ChannelKind Kind => ChannelKind.Slack;

    public DeliveryAnswer Answer { get; set; } = DeliveryAnswer.Taken("HTTP 200");

    public List<ChannelMessage> Taken { get; } = [];

    public int Attempts { get; private set; }

    public Task<DeliveryAnswer> SendAsync(PipelineChannel channel, ChannelMessage message, CancellationToken cancel)
    {
        lock (Taken)
        {
            Attempts++;
            if (Answer.IsTaken)
            {
                Taken.Add(message);
            }

            return Task.FromResult(Answer);
        }
    }
}
