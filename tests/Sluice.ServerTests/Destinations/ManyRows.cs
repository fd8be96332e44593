using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.Runs;
using Sluice.Engine.Spool;
using Sluice.Tests.Spool;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

/// <summary>Many rows into a destination, while nothing else runs in this process: the memory must not grow with the rows.</summary>
public abstract class ManyRows
{
    private const int PageRows = 10_000;

    private protected static async Task AssertFlatMemoryAsync(string kind, int rows, long mostBytes)
    {
        await using var place = await Places.NewAsync(kind);
        var resource = Table(
            Is("name", ColumnType.Text), Is("at", ColumnType.UnixTime), Is("amount", ColumnType.Double), Is("data", ColumnType.Json));
        var desk = new LoadHarness(place);
        await using var spool = PageSpool.Open(Path.Combine(place.Folder, "spool"), new SpoolHeader("question", Began));
        for (var page = 0; page < rows / PageRows; page++)
        {
            await spool.AppendAsync(Pages.Draft("all", null, [.. Enumerable.Range(page * PageRows, PageRows).Select(Record)]), Cancel);
        }

        await spool.CompleteAsync(Cancel);
        var before = ResetPeak();
        TableReport report;
        await using (var destination = await desk.OpenAsync())
        {
            report = await desk.LoadAsync(
                destination,
                Job(resource, Strategy.Merge),
                LoadScenario.Plain,
                new SpooledExtraction(new Extraction(new ExtractionKey("things", null), resource), spool),
                "run");
        }

        Assert.True(report.Outcome == TableOutcome.Done, $"{report.Error} {report.Hint}");
        Assert.Equal((rows, rows), (report.Rows, report.TableRows));
        if (before is { } resident)
        {
            var grown = Status("VmHWM") - resident;
            Assert.True(grown < mostBytes, $"The process grew by {grown / 1024 / 1024} MB.");
        }
    }

    private static string Record(int id) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"id\":{id},\"name\":\"person-{id}@example.com\",\"at\":{1700000000 + id},\"amount\":{id}.25,\"data\":{{\"plan\":\"pro\",\"n\":{id % 7}}}}}"
        );

    // Linux forgets its peak when it is told so; elsewhere nothing is measured.
    private static long? ResetPeak()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5");
        return Status("VmRSS");
    }

    private static long Status(string what) =>
        1024
        * long.Parse(
            File.ReadLines("/proc/self/status")
                .First(line => line.StartsWith(what, StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);
}
