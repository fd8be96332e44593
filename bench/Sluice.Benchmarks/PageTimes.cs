using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Server;
using Sluice.Server.Auth;
using Sluice.Server.Control;

namespace Sluice.Benchmarks;

/// <summary>How long pages take when there are 200 syncs and 100,000 runs: from the request to the last byte, on one connection.</summary>
internal static class PageTimes
{
    private const int Syncs = 200;
    private const int RunsOfEach = 500;
    private const int WithReport = 50;
    private const int Loads = 200;

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("sluice-pages-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "sluice.yaml"), Pipeline());
            await using var server = await SluiceServer.StartAsync(
                new ServerOptions
                {
                    Folder = folder,
                    WorkFolder = Path.Combine(folder, ".sluice"),
                    Listen = new Uri("http://127.0.0.1:0"),
                    Variables = _ => null,
                    OpenClient = (_, _) => throw new InvalidOperationException("Pages ask Customer.io for nothing."),
                },
                CancellationToken.None);
            await FillAsync(server.Services.GetRequiredService<ControlDatabase>());
            await MeasureAsync(server);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(SluiceServer server)
    {
        var token = await server.Services.GetRequiredService<AccessTokens>()
            .CreateAsync("pages", TokenScope.All, TimeSpan.FromDays(1), "bench", CancellationToken.None);
        using var client = new HttpClient { BaseAddress = server.Addresses[0] };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var later = $"/?after={Uri.EscapeDataString("sync s149")}";
        string[] paths = ["/", later, "/syncs/s100", "/runs", $"/runs?before={Id(100, 250)}", $"/runs/{Id(100, RunsOfEach - 1)}", "/settings"];
        foreach (var path in paths)
        {
            var times = new List<double>();
            var bytes = 0L;
            for (var load = 0; load < Loads; load++)
            {
                var start = Stopwatch.GetTimestamp();
                bytes = (await client.GetByteArrayAsync(new Uri(path, UriKind.Relative))).Length;
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            times.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{path,-40} {bytes / 1000,6} kB   p50 {times[Loads / 2],7:0.0} ms   p95 {times[Loads * 95 / 100],7:0.0} ms"));
        }
    }

    private static string Pipeline()
    {
        var text = new StringBuilder("version: 1\nworkspaces: {main: {app_api_key: \"${KEY}\"} }\ndestinations: {d: duckdb:///crm.duckdb}\nsyncs:\n");
        for (var sync = 0; sync < Syncs; sync++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"  s{sync}: {{table_prefix: s{sync}_, schedule: {{every: 24h, time_zone: America/Los_Angeles}}, tables: [campaigns]}}\n");
        }

        return text.ToString();
    }

    private static async Task FillAsync(ControlDatabase control)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var report = Report();
        for (var sync = 0; sync < Syncs; sync++)
        {
            var one = sync;
            await control.ChangeAsync(
                async change =>
                {
                    await change.ExecuteAsync(
                        """
                        INSERT INTO runs (id, request_id, name, kind, node, reason, attempt, due_at, started_at, ended_at, state, exit_code,
                            table_rows, requests, summary, report)
                        VALUES (@Id, @Id, @Name, 'sync', 'a', 'schedule', 1, @At, @At, @At + 60000, @State, 0,
                            1000, 50, '58 tables, 1,000 rows written, all complete, in 60 s.', @Report)
                        """,
                        Enumerable.Range(0, RunsOfEach).Select(run => new
                        {
                            Id = Id(one, run),
                            Name = $"s{one}",
                            At = now - ((RunsOfEach - run) * 3_600_000L),
                            State = run % 20 == 0 ? "failed" : "done",
                            Report = run >= RunsOfEach - WithReport ? report : null,
                        }).ToList());
                    await change.ExecuteAsync(
                        "INSERT INTO run_days (name, kind, day, runs, failed, table_rows) VALUES (@Name, 'sync', @Day, 24, 1, @Rows)",
                        Enumerable.Range(0, 30).Select(ago => new
                        {
                            Name = $"s{one}",
                            Day = TimeProvider.System.GetUtcNow().AddDays(-ago).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                            Rows = 1000L * (ago + 1),
                        }).ToList());
                    return await change.ExecuteAsync(
                        "INSERT INTO run_lasts (name, kind, run_id, success_id, success_started_at) VALUES (@Name, 'sync', @Id, @Id, @At)",
                        new { Name = $"s{one}", Id = Id(one, RunsOfEach - 1), At = now - 3_600_000 });
                },
                CancellationToken.None);
        }
    }

    private static string Id(int sync, int run) => string.Create(CultureInfo.InvariantCulture, $"{run:00000}-{sync:000}");

    // As long as one of a run with all tables.
    private static string Report()
    {
        var tables = Enumerable.Range(0, 58).Select(table => $$"""
            {"source":"table_{{table}}","table":"customerio.table_{{table}}","strategy":"merge","outcome":"Done","feed":"table_{{table}}",
            "requests":1,"fetched":12,"rows":12,"table_rows":12,"skipped":[],"gaps":[],"schema_changes":[],"notes":[]}
            """);
        return $$"""
            {"run_id":"x","started_at":"2026-11-30T09:16:08+00:00","ended_at":"2026-11-30T09:16:24+00:00","destination":"duckdb:///crm.duckdb",
            "tables":[{{string.Join(',', tables)}}],"requests":50,"exit_code":0}
            """;
    }
}
