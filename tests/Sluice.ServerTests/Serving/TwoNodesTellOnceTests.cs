using Sluice.Server;
using Sluice.Server.Control;
using Sluice.Server.Notifications;
using Sluice.Server.Pipelines;
using Sluice.Server.Runs;
using Sluice.Server.Schedules;
using Sluice.Server.Secrets;
using Sluice.Server.Status;
using Sluice.ServerTests.Cli;
using Sluice.ServerTests.Servers;
using Sluice.Settings.Pipelines;
using Xunit;

namespace Sluice.ServerTests.Serving;

/// <summary>Several nodes that share a PostgreSQL database look at the same failures and send what waits, at the same time.</summary>
public sealed class TwoNodesTellOnceTests(PostgresServer server)
{
    [Fact]
    public async Task Nodes_that_look_at_once_tell_once()
    {
        await using var database = await server.NewDatabaseAsync();
        using var folder = new Tool();
        await WriteAsync(folder);
        var sent = new CountingSender();
        await using var a = await ControlDatabase.OpenAsync(database.Uri, TimeProvider.System, Tool.Cancel);
        await using var b = await ControlDatabase.OpenAsync(database.Uri, TimeProvider.System, Tool.Cancel);
        var nodes = new[] { Node(a, folder, sent, "a"), Node(b, folder, sent, "b"), Node(a, folder, sent, "c") };

        for (var round = 1; round <= 10; round++)
        {
            await StandAsync(a, $"run-{round}-bad", failingSince: 1000);
            await LookAsync(nodes);
            await StandAsync(a, $"run-{round}-good", failingSince: null);
            await LookAsync(nodes);
            Assert.Equal(["failing", "recovered"], sent.Take());
        }
    }

    private static Task LookAsync(IEnumerable<(Alerts Alerts, Deliveries Deliveries)> nodes) => Task.WhenAll(nodes.Select(node => Task.Run(async () =>
    {
        await node.Alerts.LookAsync(Tool.Cancel);
        await node.Deliveries.SendAllAsync(Tool.Cancel);
    })));

    private static Task<int> StandAsync(ControlDatabase control, string run, long? failingSince) => control.ChangeAsync(
        async change =>
        {
            await change.ExecuteAsync(
                """
                INSERT INTO runs (id, request_id, name, kind, node, reason, attempt, started_at, ended_at, state)
                VALUES (@Run, @Run, 'daily', 'sync', 'a', 'manual', 1, 1, 2, @State)
                """,
                new { Run = run, State = failingSince is null ? RunState.Done : RunState.Failed });
            await change.ExecuteAsync("DELETE FROM run_lasts");
            return await change.ExecuteAsync(
                "INSERT INTO run_lasts (name, kind, run_id, failing_since) VALUES ('daily', 'sync', @Run, @Since)", new { Run = run, Since = failingSince });
        },
        Tool.Cancel);

    private static (Alerts Alerts, Deliveries Deliveries) Node(ControlDatabase control, Tool folder, IChannelSender sender, string name)
    {
        var options = new ServerOptions
        {
            Folder = folder.Folder,
            WorkFolder = folder.PathOf(".sluice"),
            Variables = variable => $"value-of-{variable}",
            OpenClient = (_, _) => throw new InvalidOperationException("Nothing is read here."),
            Node = name,
        };
        Directory.CreateDirectory(options.WorkFolder);
        var pipelines = new PipelineStore(
            options, control, new SecretStore(control, new Seal(SealKeys.Read(_ => null, options.WorkFolder, false)), options.Time));
        var scheduler = new Scheduler(pipelines, new DueTimes(control), control, new RunQueue(control, options.Time), options, options.Time);
        return (
            new Alerts(pipelines, new Overview(pipelines, scheduler, control, options.Time), control, options),
            new Deliveries(pipelines, control, [sender], options));
    }

    private static Task WriteAsync(Tool folder) => File.WriteAllTextAsync(folder.PathOf("sluice.yaml"), """
        version: 1
        workspaces: {main: {app_api_key: "${KEY}"}}
        destinations: {warehouse: "duckdb:///crm.duckdb"}
        syncs: {daily: {tables: campaigns}}
        notifications: {team: {slack: "https://hooks.example.com/x"}}
        """);

    private sealed class CountingSender : IChannelSender
    {
        private readonly List<string> _events = [];

        public ChannelKind Kind => ChannelKind.Slack;

        public Task<DeliveryAnswer> SendAsync(PipelineChannel channel, ChannelMessage message, CancellationToken cancel)
        {
            lock (_events)
            {
                _events.AddRange(message.Rows.Select(row => row.Facts.Event));
            }

            return Task.FromResult(DeliveryAnswer.Taken("HTTP 200"));
        }

        public IReadOnlyList<string> Take()
        {
            List<string> taken = [.. _events];
            _events.Clear();
            return taken;
        }
    }
}
