using System.Globalization;
using System.Text;
using Xunit;

namespace Sluice.Tests.Spool;

/// <summary>There can be a partition for each of a million people: what a spool knows of those that are done must not fill the memory.</summary>
[Collection(nameof(AloneCollection))]
public sealed class PartitionMemoryTests : IDisposable
{
    private const int Few = 10_000;
    private const int Many = 100_000;
    private const long MostBytes = 6 * 1024 * 1024;

    private readonly SpoolBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Ten_times_as_many_partitions_cost_a_few_megabytes_more()
    {
        var more = new List<long>();
        for (var time = 0; time < 3; time++)
        {
            more.Add(await BytesOfAsync(Many, $"many-{time}") - await BytesOfAsync(Few, $"few-{time}"));
        }

        // What tests before this one have left is freed at any time, and makes one measurement too small or too large.
        Assert.True(more.Order().ElementAt(1) <= MostBytes, string.Join(", ", more));
    }

    [Fact]
    public async Task Of_every_partition_it_is_still_known_that_it_is_done()
    {
        await WriteAsync(Few, "done");
        await using var spool = _bench.Open("done");

        Assert.True(spool.WasResumed);
        Assert.All(Enumerable.Range(0, Few), number => Assert.True(spool.Partition(Name(number)).IsDone && !spool.TryBegin(Name(number))));
        Assert.False(spool.Partition(Name(Few)).IsDone);
        Assert.True(spool.TryBegin(Name(Few)));
        Assert.False(spool.TryBegin(Name(Few)));
        Assert.Equal(Enumerable.Range(0, Few).Select(Name), spool.PartitionNames());
        await spool.CompleteAsync(default);
        Assert.Equal(Enumerable.Range(0, Few).Sum(number => Line(number).Length), (await SpoolBench.PagesOf(spool)).Length);
    }

    private async Task<long> BytesOfAsync(int partitions, string table)
    {
        await WriteAsync(partitions, table);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var spool = _bench.Open(table);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal(partitions, spool.Rows);
        return after - before;
    }

    // As a killed run leaves it; to force so many pages to disk one by one would take minutes.
    private async Task WriteAsync(int partitions, string table)
    {
        await using (var spool = _bench.Open(table))
        {
            Assert.False(spool.WasResumed);
        }

        var (manifest, lines) = (new StringBuilder(), new StringBuilder());
        for (var number = 0; number < partitions; number++)
        {
            var line = Line(number);
            manifest.Append(
                CultureInfo.InvariantCulture,
                $"{{\"k\":\"page\",\"walk\":\"{Name(number)}\",\"seg\":1,\"off\":{lines.Length},\"len\":{line.Length},\"rows\":1,\"max\":{line.Length},\"last\":true}}\n"
            );
            lines.Append(line);
        }

        await File.AppendAllTextAsync(_bench.Manifest, manifest.ToString());
        await File.WriteAllTextAsync(_bench.SegmentPath(1), lines.ToString());
    }

    private static string Line(int number) => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{number}}}\n");

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"cio-{number:D20}/0/");
}
