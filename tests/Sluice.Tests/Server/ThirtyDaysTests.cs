using Sluice.Engine.Runs;
using Sluice.Server.Control;
using Sluice.Server.Runs;
using Xunit;

namespace Sluice.Tests.Server;

/// <summary>A month of a server's life in a minute: nights on which clocks change, outages, kills and failures at random.</summary>
public sealed class ThirtyDaysTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(45);

    private static readonly (string Name, string Schedule)[] Syncs =
    [
        ("mornings", "daily"),
        ("hourly", "{every: 1h, start: \"00:05\", time_zone: America/Los_Angeles, overlap: queue}"),
        ("kolkata", "{cron: \"30 */4 * * *\", time_zone: Asia/Kolkata, missed: none}"),
        ("nights", "{cron: \"*/30 0-3 * * *\", time_zone: Europe/Berlin, missed_limit: 2h}"),
    ];

    // Berlin has an hour twice on 31 October 2027, Los Angeles on 7 November: ten days have both nights, with three times the misfortune.
    [Fact]
    public Task Every_due_time_of_ten_days_is_accounted_for_exactly_once() => LiveAsync("2027-10-30T00:00:00Z", 2, days: 10, misfortune: 600);

    // Los Angeles loses an hour on 14 March 2027, Berlin on 28 March.
    [Theory]
    [Trait("length", "long")]
    [InlineData("2027-10-20T00:00:00Z", 2)]
    [InlineData("2027-03-05T00:00:00Z", 1)]
    [InlineData("2027-03-05T00:00:00Z", 3)]
    public Task Every_due_time_of_a_month_is_accounted_for_exactly_once(string start, int seed) =>
        LiveAsync(start, seed, days: 30, misfortune: 2_000);

    private static async Task LiveAsync(string start, int seed, int days, int misfortune)
    {
        var random = new Random(seed);
        await using var bench = await ControlBench.OpenAsync(start);
        using var month = new Month(bench, random, misfortune);
        bench.Write(Syncs);
        await bench.Scheduler.LookAsync(default);
        var begin = bench.Time.GetUtcNow();

        await month.LiveAsync(begin.AddDays(days));

        var file = (await bench.Pipelines.ReadAsync(default)).File;
        foreach (var sync in file.Syncs)
        {
            var due = sync.Schedule!.Upcoming(begin).TakeWhile(time => time <= month.LastLook).Select(ControlTime.Of).ToList();
            var lines = await bench.Control.ListAsync<long>(
                "SELECT due_at FROM due_times WHERE name = @Name ORDER BY due_at", new { sync.Name }, default);
            Assert.Equal(due, lines);
        }

        await AssertRunsAsync(bench, month);
    }

    private static async Task AssertRunsAsync(ControlBench bench, Month month)
    {
        Assert.True(month.Kills > 5 && month.Outages > 5, "The month was too quiet to show anything.");
        // A due time that ran has a request, no two share one, and each request has led to a run that ended or is at work or waits.
        Assert.Empty(await bench.Control.ListAsync<string>(
            "SELECT request_id FROM due_times WHERE outcome = 'ran' GROUP BY request_id HAVING count(*) > 1 OR request_id IS NULL", null, default));
        Assert.Empty(await bench.Control.ListAsync<string>(
            """
            SELECT id FROM run_requests WHERE state = 'taken' AND NOT EXISTS (SELECT 1 FROM runs WHERE request_id = run_requests.id)
            """, null, default));
        // Never two at once: a run begins when the one before it has ended.
        Assert.Empty(await bench.Control.ListAsync<string>(
            """
            SELECT a.id FROM runs a JOIN runs b ON a.name = b.name AND a.id <> b.id AND a.started_at < b.started_at
            WHERE coalesce(a.ended_at, 9223372036854775807) > b.started_at
            """, null, default));
        var days = await bench.Control.FindAsync<long>("SELECT sum(runs) FROM run_days", null, default);
        Assert.Equal(await bench.Control.FindAsync<long>("SELECT count(*) FROM runs WHERE state <> 'running'", null, default), days);
    }

    private sealed class Month(ControlBench bench, Random random, int misfortune) : IDisposable
    {
        private readonly List<(ActiveRun Run, DateTimeOffset EndAt, int Code)> _active = [];
        private CancellationTokenSource _process = new();

        public int Kills { get; private set; }

        public int Outages { get; private set; }

        public DateTimeOffset LastLook { get; private set; }

        public void Dispose() => _process.Dispose();

        public async Task LiveAsync(DateTimeOffset end)
        {
            while (bench.Time.GetUtcNow() < end)
            {
                await StepAsync();
                if (random.Next(misfortune) == 0)
                {
                    await GoDownAsync(isKilled: random.Next(2) == 0);
                }
            }

            await _process.CancelAsync();
            await Task.WhenAll(_active.Select(one => one.Run.Ended));
        }

        private async Task StepAsync()
        {
            bench.Time.Advance(Step);
            LastLook = bench.Time.GetUtcNow();
            await bench.Scheduler.LookAsync(default);
            foreach (var one in _active.Where(one => one.EndAt <= LastLook).ToList())
            {
                bench.Executor.End(one.Run.Order.RunId, one.Code);
                await one.Run.Ended;
                _active.Remove(one);
            }

            foreach (var run in await bench.Runner.BeginAllAsync(_process.Token))
            {
                var code = random.Next(10) switch { 0 => ExitCode.Api, 1 => ExitCode.Partial, 2 => ExitCode.Auth, _ => ExitCode.Done };
                _active.Add((run, LastLook.AddMinutes(random.Next(1, random.Next(8) == 0 ? 300 : 20)), code));
            }
        }

        // Stopped in order, runs are put back into the queue; killed, they are found by the next start.
        private async Task GoDownAsync(bool isKilled)
        {
            (Kills, Outages) = (Kills + (isKilled ? 1 : 0), Outages + (isKilled ? 0 : 1));
            if (!isKilled)
            {
                await _process.CancelAsync();
                await Task.WhenAll(_active.Select(one => one.Run.Ended));
            }

            _active.Clear();
            _process.Dispose();
            _process = new CancellationTokenSource();
            bench.Time.Advance(TimeSpan.FromMinutes(random.Next(1, random.Next(4) == 0 ? 3_000 : 60)));
            bench.Start();
            await bench.Runner.RecoverAsync(isStart: true, default);
        }
    }
}
