using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Server;
using Sluice.Server.Control;
using Sluice.Server.Runs;

namespace Sluice.Tests.Server.Dashboard;

/// <summary>A server with a pipeline file and a past, in which everything that somebody may name has a hostile name.</summary>
internal static class DashboardWorld
{
    /// <summary>What must never be more than text.</summary>
    public const string Hostile = "<img src=x onerror=alert(1)>\"'&{{7*7}}";

    public const string RunId = "20261130T060000Z-aaaaaa";
    public const string FailedId = "20261129T060000Z-bbbbbb";

    /// <summary>The name of the sync whose name is hostile, as a part of an address.</summary>
    public static string HostilePath => Uri.EscapeDataString(Hostile);

    /// <summary>The hostile text as it stands in a page.</summary>
    public static string Encoded => HtmlEncoder.Default.Encode(Hostile);

    public static async Task<ServerWorld> StartAsync(Func<ServerOptions, ServerOptions>? options = null)
    {
        var world = await ServerWorld.StartAsync(options);
        await File.WriteAllTextAsync(Path.Combine(world.Folder, "sluice.yaml"), Pipeline(world.Folder), ServerWorld.Cancel);
        await FillAsync(world);
        return world;
    }

    private static string Pipeline(string folder) => $$"""
        version: 1
        workspaces: {main: {app_api_key: "${CUSTOMERIO_APP_API_KEY}"} }
        destinations: {warehouse: "duckdb:////{{folder}}/crm.duckdb"}
        syncs:
          daily: {schedule: {daily: "6:00", time_zone: America/Los_Angeles}, tables: [campaigns, newsletters] }
          {{JsonSerializer.Serialize(Hostile)}}: {table_prefix: x_, tables: [segments]}
        pushes:
          leads: {query: SELECT 1 AS id, into: people, schedule: {every: 1h} }
        """;

    private static async Task FillAsync(ServerWorld world)
    {
        var control = world.Service<ControlDatabase>();
        foreach (var name in new[] { "daily", Hostile })
        {
            var mark = name == "daily" ? "" : "-h";
            await RunAsync(control, RunId + mark, name, "done", "2026-11-30T06:00:00Z", Report(RunId + mark));
            await RunAsync(control, FailedId + mark, name, "failed", "2026-11-29T06:00:00Z", null);
            await control.ExecuteAsync(
                "INSERT INTO run_days (name, kind, day, runs, failed, table_rows) VALUES (@Name, 'sync', '2026-11-29', 2, 1, 1234)",
                new { Name = name },
                ServerWorld.Cancel);
            await control.ExecuteAsync(
                "INSERT INTO run_lasts (name, kind, run_id, success_id, success_started_at) VALUES (@Name, 'sync', @Id, @Id, @At)",
                new { Name = name, Id = RunId + mark, At = Milliseconds("2026-11-30T06:00:00Z") }, ServerWorld.Cancel);
            await control.ExecuteAsync(
                "INSERT INTO due_times (name, due_at, outcome, note, recorded_at) VALUES (@Name, @At, 'missed', @Note, @At)",
                new { Name = name, Note = Hostile, At = Milliseconds("2026-11-28T06:00:00Z") }, ServerWorld.Cancel);
            using var log = RunLog.Open(Path.Combine(world.Folder, ".sluice"), RunId + mark, world.Time);
            log.Warn(Hostile, Hostile);
        }

        await control.ExecuteAsync(
            """
            INSERT INTO run_requests (id, name, kind, reason, asked_at, asked_by, attempt, not_before, options, state)
            VALUES ('waits', @Name, 'sync', 'retry', @At, @By, 2, @At, '{}', 'queued')
            """,
            new { Name = Hostile, By = Hostile, At = Milliseconds("2026-12-30T00:00:00Z") }, ServerWorld.Cancel);
        await control.ExecuteAsync(
            "INSERT INTO pauses (name, note, paused_by, paused_at) VALUES (@Name, @Note, @Note, @At)",
            new { Name = Hostile, Note = Hostile, At = Milliseconds("2026-11-30T07:00:00Z") }, ServerWorld.Cancel);
    }

    private static Task<int> RunAsync(ControlDatabase control, string id, string name, string state, string at, string? report) =>
        control.ExecuteAsync(
        """
        INSERT INTO runs (id, request_id, name, kind, node, reason, attempt, due_at, started_at, ended_at, state, exit_code, table_rows,
            requests, summary, report)
        VALUES (@Id, @Id, @Name, 'sync', @Node, 'schedule', 1, @At, @At, @At + 90000, @State, 0, 1234, 56, @Summary, @Report)
        """,
        new { Id = id, Name = name, Node = Hostile, At = Milliseconds(at), State = state, Summary = $"What happened: {Hostile}", Report = report },
        ServerWorld.Cancel);

    // A report in which all texts are hostile.
    private static string Report(string id)
    {
        var text = JsonSerializer.Serialize(Hostile);
        return $$"""
            {"run_id": "{{id}}", "started_at": "2026-11-30T06:00:00+00:00", "ended_at": "2026-11-30T06:01:30+00:00", "destination": {{text}},
            "requests": 56, "exit_code": 7,
            "tables": [ {"source": {{text}}, "table": {{text}}, "strategy": {{text}}, "outcome": "Partial", "feed": {{text}}, "expected": 5, "expected_by": {{text}},
            "skipped": [{{text}}], "gaps": [{{text}}], "notes": [{{text}}], "error": {{text}}, "hint": {{text}},
            "schema_changes":[{"table": {{text}}, "column": {{text}}, "change": {{text}} } ] } ] }
            """.ReplaceLineEndings("");
    }

    private static long Milliseconds(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
