using Xunit;

namespace Sluice.Tests.Runs;

public sealed class SmokeTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Smoke()
    {
        await using var bench = await Workbench.StartAsync();
        var report = await bench.IngestAsync(bench.Request(Workbench.AllJobs()));
        foreach (var table in report.Tables)
        {
            output.WriteLine($"{table.Source,-35} {table.Outcome,-8} rows {table.Rows,6} doubled {table.Doubled,4} rejected {table.Rejected,4} fetched {table.Fetched,6} req {table.Requests,5} {table.Seconds:F2}s {table.Error} {string.Join("; ", table.Notes.Concat(table.Skipped).Take(3))} {string.Join("; ", table.SchemaChanges.Select(c => c.Column + " " + c.Change).Take(4))}");
        }

        output.WriteLine($"requests {report.Requests} 429 {report.RateLimited} exit {report.ExitCode}");
        Assert.Equal(0, report.ExitCode);
    }
}
