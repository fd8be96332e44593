using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>Who may read what a run makes; Windows has no such modes.</summary>
public sealed class FileModeTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = Owner | UnixFileMode.UserExecute;

    [Theory]
    [InlineData("duckdb:///new.duckdb")]
    [InlineData("sqlite:///new.db")]
    public async Task A_new_database_and_all_of_the_work_folder_are_their_owners_alone(string destination)
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        (await tool.RunAsync("ingest", "--source-table", "customers,segments", "--dest-uri", destination, "--keep-spool")).Ended(ExitCode.Done);
        Assert.Equal(Owner, ModeOf(tool.PathOf(Path.GetFileName(destination))));
        var work = new DirectoryInfo(tool.PathOf(".sluice"));
        Assert.Equal(OwnersFolder, work.UnixFileMode);
        var all = work.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).ToList();
        Assert.Contains(all, one => one.Name.EndsWith(".ndjson", StringComparison.Ordinal));
        Assert.All(all, one => Assert.Equal(one is DirectoryInfo ? OwnersFolder : Owner, one.UnixFileMode));
    }

    [Fact]
    public async Task A_database_that_is_there_keeps_its_mode()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        (await tool.RunAsync("ingest", "--source-table", "segments", "--dest-uri", "duckdb:///team.duckdb")).Ended(ExitCode.Done);
        var shared = Owner | UnixFileMode.GroupRead;
        SetMode(tool.PathOf("team.duckdb"), shared);
        (await tool.RunAsync("ingest", "--source-table", "segments", "--dest-uri", "duckdb:///team.duckdb", "--full-refresh")).Ended(ExitCode.Done);
        Assert.Equal(shared, ModeOf(tool.PathOf("team.duckdb")));
    }

    [Fact]
    public async Task A_lake_and_a_pipeline_file_are_for_others_as_the_users_mask_says()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        await File.WriteAllTextAsync(tool.PathOf("usual"), "", Tool.Cancel);
        var (file, folder) = (ModeOf(tool.PathOf("usual")), Directory.CreateDirectory(tool.PathOf("usual-folder")).UnixFileMode);
        string[] ingest = ["ingest", "--source-table", "segments,newsletters", "--dest-uri", "parquet:///deep/lake", "--partition-by", "created"];
        for (var run = 0; run < 2; run++)
        {
            (await tool.RunAsync(ingest)).Ended(ExitCode.Done);
            var all = new DirectoryInfo(tool.PathOf("deep")).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).ToList();
            Assert.Contains(all, one => one.Name.EndsWith(".parquet", StringComparison.Ordinal));
            Assert.All(all, one => Assert.Equal((one.FullName, one is DirectoryInfo ? folder : file), (one.FullName, one.UnixFileMode)));
        }

        (await tool.RunAsync("init", "--yes", "--dest-uri", "duckdb:///crm.duckdb")).Ended(ExitCode.Done);
        Assert.Equal(file, ModeOf(tool.PathOf("sluice.yaml")));
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? Owner : File.GetUnixFileMode(path);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
