using System.Globalization;
using DuckDB.NET.Data;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Cli;
using Sluice.ServerTests.Faults;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations.Files;

/// <summary>Readers at the same time, files that are gone, disks that are full.</summary>
public sealed class FolderAccidentTests
{
    [Theory]
    [InlineData("parquet", "read_parquet('{0}/*.parquet')")]
    [InlineData("csv", "read_csv('{0}/*.csv')")]
    public async Task A_reader_by_pattern_sees_the_old_table_or_the_new_one_and_never_both(string scheme, string rows)
    {
        await using var bench = new FolderBench(scheme, "?file_rows=40");
        await bench.LoadAsync(Strategy.Replace, Many(400, "old"));
        using var done = new CancellationTokenSource();
        var sql = $"SELECT count(*), string_agg(DISTINCT name, '+') FROM {string.Format(CultureInfo.InvariantCulture, rows, bench.Table)}";
        var polling = Task.Run(() => Poll(sql, done.Token), Cancel);
        for (var round = 0; round < 6; round++)
        {
            await bench.LoadAsync(Strategy.Replace, round % 2 == 0 ? Many(200, "new") : Many(400, "old"));
        }

        await done.CancelAsync();
        var seen = await polling;
        Assert.Contains(seen, one => one is "400|old" or "200|new");
        Assert.All(seen, one => Assert.Contains(one, (string[])["400|old", "200|new", "a file is gone"]));
    }

    [Fact]
    public async Task A_file_that_was_removed_is_told_and_a_new_beginning_helps()
    {
        await using var bench = new FolderBench("parquet");
        await bench.LoadAsync(Strategy.Merge, """{"id":1,"name":"a"}""");
        File.Delete(Path.Combine(bench.Table, bench.Files()[0]));
        var report = await bench.Desk.TryLoadAsync(
            $"parquet:///{bench.Root}",
            Job(FolderBench.Things, Strategy.Merge),
            LoadScenario.Plain,
            ["""{"id":2,"name":"b"}"""]);
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Destination), (report.Outcome, report.ErrorKind));
        Assert.Contains("--full-refresh", report.Hint, StringComparison.Ordinal);
        var anew = await bench.Desk.LoadAsync(
            Job(FolderBench.Things, Strategy.Replace),
            LoadScenario.Plain with
            {
                FullRefresh = true,
            },
            ["""{"id":2,"name":"b"}"""]);
        Assert.Equal(1, anew.TableRows);
        Assert.Equal(["2|b"], await bench.Desk.LinesAsync("id", "name"));
    }

    [Fact]
    public async Task A_folder_with_files_of_others_is_left_alone()
    {
        await using var bench = new FolderBench("parquet");
        Directory.CreateDirectory(bench.Table);
        var letter = Path.Combine(bench.Table, "letter.txt");
        await File.WriteAllTextAsync(letter, "dear", Cancel);
        var report = await bench.Desk.TryLoadAsync(
            $"parquet:///{bench.Root}",
            Job(FolderBench.Things, Strategy.Replace),
            LoadScenario.Plain,
            ["""{"id":1,"name":"a"}"""]);
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Destination), (report.Outcome, report.ErrorKind));
        Assert.Contains("not Sluice's", report.Error, StringComparison.Ordinal);
        Assert.Equal("dear", await File.ReadAllTextAsync(letter, Cancel));
    }

    [Fact]
    public async Task A_manifest_that_is_none_is_told_with_its_place()
    {
        await using var bench = new FolderBench("csv");
        await bench.LoadAsync(Strategy.Merge, """{"id":1}""");
        await File.WriteAllTextAsync(Path.Combine(bench.Table, "_manifest.json"), "{", Cancel);
        var error = await Assert.ThrowsAsync<SluiceException>(() => bench.Desk.ReadAsync());
        Assert.Equal(SluiceErrorKind.Destination, error.Kind);
        Assert.Contains("_manifest.json is not what Sluice wrote", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_load_has_left_aside_is_gone_after_the_next_one()
    {
        await using var bench = new FolderBench("csv");
        await bench.LoadAsync(Strategy.Merge, """{"id":1}""");
        var left = Directory.CreateDirectory(Path.Combine(bench.Root, ".sluice", Schema, "things.new"));
        await File.WriteAllTextAsync(Path.Combine(left.FullName, "half.csv"), "id", Cancel);
        await bench.LoadAsync(Strategy.Merge, """{"id":2}""");
        Assert.False(left.Exists && Directory.Exists(left.FullName));
        Assert.Equal(["1", "2"], await bench.Desk.LinesAsync("id"));
    }

    [Fact]
    public async Task A_folder_that_takes_no_files_is_told()
    {
        await using var bench = new FolderBench("csv");
        await File.WriteAllTextAsync(bench.Root, "a file", Cancel);
        await using var destination = await DestinationRegistry.OpenAsync($"csv:///{bench.Root}/below", Cancel);
        var error = await Assert.ThrowsAsync<SluiceException>(() => destination.CheckAsync(Cancel));
        Assert.Equal(SluiceErrorKind.Destination, error.Kind);
        Assert.Contains("rights", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_leaves_the_old_table_and_the_next_run_completes_it()
    {
        await using var account = await SimulatedAccount.StartAsync(options => options with { Messages = 40_000 });
        using var tool = account.NewTool();
        await PrivateMount.RequireAsync(tool);
        tool.Environment["SLUICE_HOME"] = tool.PathOf("work");
        string[] ingest = ["ingest", "--source-table", "messages", "--dest-uri", $"csv:///{tool.PathOf("small")}"];
        var run = (await PrivateMount.RunAsync(tool, tool.PathOf("small"), 1024, ingest)).Ended(ExitCode.Destination);
        Assert.Contains("Make room", run.Error, StringComparison.Ordinal);
        var rest = (await tool.RunAsync([.. ingest, "--json"])).Ended(ExitCode.Done);
        Assert.Contains("\"resumed\":true", rest.Out, StringComparison.Ordinal);
        Assert.InRange(
            (long)FolderBench.Query($"SELECT count(DISTINCT id) FROM read_csv('{tool.PathOf("small")}/customerio/messages/*.csv')")[0][0]!,
            38_000,
            40_000);
    }

    private static List<string> Poll(string sql, CancellationToken done)
    {
        var seen = new List<string>();
        do
        {
            try
            {
                seen.Add(FolderBench.Line(FolderBench.Query(sql)[0]));
            }
            catch (DuckDBException error) when (error.Message.StartsWith("IO Error", StringComparison.Ordinal))
            {
                seen.Add("a file is gone");
            }
        }
        while (!done.IsCancellationRequested);
        return seen;
    }

    private static string[] Many(int count, string name) => [.. Enumerable.Range(0, count).Select(id => $"{{\"id\":{id},\"name\":\"{name}\"}}")];
}
