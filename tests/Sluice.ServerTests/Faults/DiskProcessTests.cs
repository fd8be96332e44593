using System.Diagnostics;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Cli;
using Sluice.Simulator;
using Xunit;

namespace Sluice.ServerTests.Faults;

/// <summary>Full and read-only disks, and two runs at once, with the tool as a process.</summary>
public sealed class DiskProcessTests
{
    [Fact]
    public async Task A_work_folder_on_a_disk_that_is_too_small_ends_with_2_and_says_how_much_is_needed()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        await PrivateMount.RequireAsync(tool);
        tool.Environment["SLUICE_HOME"] = tool.PathOf("small");

        var run = (await PrivateMount.RunAsync(tool, tool.PathOf("small"), 4096, "ingest", "--source-table", "campaigns")).Ended(ExitCode.Config);

        Assert.Contains($"The work folder {tool.PathOf("small")}", run.Error, StringComparison.Ordinal);
        Assert.Contains("needs 16 MB of free disk", run.Error, StringComparison.Ordinal);
        Assert.Contains("SLUICE_HOME", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, await TablesAsync(tool.PathOf("sluice.duckdb")));
        (await tool.RunAsync("ingest", "--source-table", "campaigns")).Ended(ExitCode.Done);
        Assert.Equal(12, await Database.CountAsync(tool.PathOf("sluice.duckdb"), "SELECT count(*) FROM customerio.campaigns"));
    }

    [Fact]
    public async Task A_destination_on_a_full_disk_ends_with_6_and_what_was_fetched_is_loaded_elsewhere()
    {
        await using var account = await SimulatedAccount.StartAsync(options => options with { Messages = 40_000 });
        using var tool = account.NewTool();
        await PrivateMount.RequireAsync(tool);
        tool.Environment["SLUICE_HOME"] = tool.PathOf("work");

        var run = (
            await PrivateMount.RunAsync(
                tool,
                tool.PathOf("small"),
                1024,
                "ingest",
                "--source-table",
                "messages",
                "--dest-uri",
                $"duckdb:///{tool.PathOf("small/x.duckdb")}")
        ).Ended(ExitCode.Destination);

        Assert.Contains("No space left on device", run.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("run the same command again", run.Error, StringComparison.Ordinal);
        var rest = (await tool.RunAsync(
            "ingest", "--source-table", "messages", "--dest-uri", $"duckdb:///{tool.PathOf("small/x.duckdb")}", "--json")).Ended(ExitCode.Done);
        Assert.Contains("\"resumed\":true", rest.Out, StringComparison.Ordinal);
        Assert.InRange(
            await Database.CountAsync(tool.PathOf("small/x.duckdb"), "SELECT count(DISTINCT id) FROM customerio.messages"), 38_000, 40_000);
    }

    [Fact]
    public async Task A_journal_on_a_disk_that_becomes_full_ends_the_import_with_2_and_nothing_is_sent_that_is_not_in_it()
    {
        await using var account = await SimulatedAccount.StartAsync(options => options with { TrackRequestsPerSecond = 0 });
        using var tool = account.NewTool();
        await PrivateMount.RequireAsync(tool);
        tool.Environment["CUSTOMERIO_SITE_ID"] = "sim-site";
        tool.Environment["CUSTOMERIO_TRACK_API_KEY"] = "sim-track-key";
        tool.Environment["CUSTOMERIO_TRACK_BASE_URL"] = account.Address;
        tool.Environment["SLUICE_HOME"] = tool.PathOf("small");
        await File.WriteAllLinesAsync(tool.PathOf("a.csv"), Enumerable.Range(0, 400_000).Select(n => $"p{n}").Prepend("id"), Tool.Cancel);

        var run = (
            await PrivateMount.RunAsync(
                tool, tool.PathOf("small"), 48, "import", "a.csv", "--into", "segment:7", "--track-rate", "10000", "--verify", "none")
        ).Ended(ExitCode.Config);

        Assert.Contains("can't be written: No space left on device", run.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing is sent that is not in it.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_destination_in_a_folder_that_takes_no_files_ends_with_6_and_names_it()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        Assert.SkipUnless(Directory.Exists("/sys"), "There is no /sys, a folder that takes no files from anybody.");

        var run = (await tool.RunAsync("ingest", "--source-table", "campaigns", "--dest-uri", "duckdb:////sys/x.duckdb")).Ended(ExitCode.Destination);

        Assert.Contains("/sys/x.duckdb can't be opened", run.Error, StringComparison.Ordinal);
        Assert.Contains("rights", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_destination_that_may_only_be_read_ends_with_6_and_stays_as_it_is()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        var file = tool.PathOf("sluice.duckdb");
        (await tool.RunAsync("ingest", "--source-table", "campaigns")).Ended(ExitCode.Done);
        var before = await File.ReadAllBytesAsync(file, Tool.Cancel);
        await using var closed = await ReadOnlyFile.CloseAsync(file);
        Assert.SkipUnless(closed.Works, "Nothing here keeps this user from writing: neither the file's mode nor chattr +i.");

        var run = (await tool.RunAsync("ingest", "--source-table", "campaigns,segments")).Ended(ExitCode.Destination);

        Assert.Contains("sluice.duckdb", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(file, Tool.Cancel));
    }

    [Fact]
    public async Task Of_two_runs_on_one_file_the_second_ends_with_6_and_names_the_first()
    {
        await using var account = await SimulatedAccount.StartAsync(Slow);
        using var tool = account.NewTool();
        using var first = tool.Start("ingest", "--source-table", "messages", "--debug");
        await ReadUntilAsync(first, "/v1/messages");
        var errors = first.StandardError.ReadToEndAsync(Tool.Cancel);

        var second = (await tool.RunAsync("ingest", "--source-table", "campaigns")).Ended(ExitCode.Destination);

        Assert.Contains($"process {first.Id}", second.Error, StringComparison.Ordinal);
        await first.WaitForExitAsync(Tool.Cancel);
        Assert.True(first.ExitCode == ExitCode.Done, await errors);
        (await tool.RunAsync("ingest", "--source-table", "campaigns")).Ended(ExitCode.Done);
        Assert.Equal(12, await Database.CountAsync(tool.PathOf("sluice.duckdb"), "SELECT count(*) FROM customerio.campaigns"));
        Assert.True(await Database.CountAsync(tool.PathOf("sluice.duckdb"), "SELECT count(*) FROM customerio.messages") > 2500);
    }

    [Fact]
    public async Task A_destination_removed_during_a_run_ends_with_6_and_the_next_run_makes_it_anew()
    {
        await using var account = await SimulatedAccount.StartAsync(Slow);
        using var tool = account.NewTool();
        using var process = tool.Start("ingest", "--source-table", "messages", "--debug");
        await ReadUntilAsync(process, "/v1/messages");
        File.Delete(tool.PathOf("sluice.duckdb"));

        var run = (await Tool.EndAsync(process)).Ended(ExitCode.Destination);

        Assert.Contains("sluice.duckdb was removed", run.Error, StringComparison.Ordinal);
        (await tool.RunAsync("ingest", "--source-table", "messages")).Ended(ExitCode.Done);
        Assert.True(await Database.CountAsync(tool.PathOf("sluice.duckdb"), "SELECT count(*) FROM customerio.messages") > 2500);
    }

    private static SimulatorOptions Slow(SimulatorOptions options) => options with { Latency = TimeSpan.FromMilliseconds(150), Messages = 3000 };

    private static Task<long> TablesAsync(string file) =>
        Database.CountAsync(file, "SELECT count(*) FROM duckdb_tables() WHERE NOT starts_with(table_name, '_')");

    private static async Task ReadUntilAsync(Process process, string words)
    {
        while (await process.StandardError.ReadLineAsync(Tool.Cancel) is { } line)
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The tool ended without a word of {words}.");
    }
}
