using System.Diagnostics;
using System.Text;
using Xunit;

namespace Sluice.Tests.Writes.Backup;

/// <summary>A workspace as files: nothing changes in the folder but what has changed in the workspace.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private BackupBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await BackupBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_second_backup_of_an_unchanged_workspace_touches_no_file()
    {
        await _bench.BackupAsync("--members");
        var (before, times) = (_bench.Files(), Times());

        var told = await _bench.BackupAsync("--members");

        Assert.Equal(before, _bench.Files());
        Assert.Equal(times, Times());
        Assert.Contains("saved is as it was", told, StringComparison.Ordinal);
        Assert.DoesNotContain(before.Keys, path => path.StartsWith(".sluice-backup", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Texts_are_files_of_their_own_and_rows_stand_line_by_line()
    {
        _bench.World.Settings.Snippets["terms"] = ("One\r\n{{ two }}\n", 1);
        await _bench.BackupAsync();

        Assert.Equal("One\r\n{{ two }}\n", await TextAsync(Path.Combine(_bench.Folder, "snippets", "terms", "value.liquid")));
        Assert.Equal("<p>News 50001</p>", await TextAsync(_bench.PathOf("newsletters", "/50001", "body.html")));
        Assert.Equal(3, (await File.ReadAllLinesAsync(_bench.PathOf("collections", "lines", "rows.jsonl"), Cancel)).Length);
        Assert.Equal("* -text\n", await TextAsync(Path.Combine(_bench.Folder, "snippets", ".gitattributes")));
        var facts = await TextAsync(_bench.PathOf("newsletters", "/50001", "content.json"));
        Assert.Contains("  \"subject\": \"News of the week 50001\",\n", facts, StringComparison.Ordinal);
        Assert.DoesNotContain("updated", facts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changed_changes_what_is_gone_is_gone_and_files_of_the_user_stay()
    {
        await _bench.BackupAsync();
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "README.md"), "mine", Cancel);
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "snippets", "address", "notes.txt"), "mine", Cancel);
        Directory.CreateDirectory(Path.Combine(_bench.Folder, ".git"));
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, ".git", "HEAD"), "mine", Cancel);
        var before = _bench.Files();
        await _bench.DoAsync("DELETE FROM snippets WHERE name IN ('address', 'a/b c+d')", 2);
        await _bench.DoAsync("UPDATE campaign_actions SET body = '{\"json\": 1}' WHERE id = 106");

        var told = await _bench.BackupAsync();

        var after = _bench.Files();
        Assert.Contains("removed: snippets/address\n", told, StringComparison.Ordinal);
        Assert.Equal(
            [
                "snippets/a-b-c-d~4f707038/snippet.json",
                "snippets/a-b-c-d~4f707038/value.liquid",
                "snippets/address/snippet.json",
                "snippets/address/value.liquid",
            ],
            before.Keys.Except(after.Keys).Where(path => path.StartsWith("snippets/", StringComparison.Ordinal)));
        var mine = after.Where(one => one.Value == Convert.ToHexString("mine"u8)).Select(one => one.Key);
        Assert.Equal([".git/HEAD", "README.md", "snippets/address/notes.txt"], mine);
        var body = Assert.Single(after.Keys.Except(before.Keys));
        Assert.EndsWith("/body.json", body, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_bench.Folder, "snippets", "a-b-c-d~4f707038")));
        Assert.Equal(2, after.Count(one => before.GetValueOrDefault(one.Key) != one.Value));
    }

    [Fact]
    public async Task People_are_in_a_backup_only_where_that_is_said_and_for_their_owner_alone()
    {
        await _bench.BackupAsync();
        Assert.DoesNotContain(_bench.Files(), one => one.Key.EndsWith("members.jsonl", StringComparison.Ordinal));

        await _bench.BackupAsync("--members");
        var members = _bench.PathOf("segments", "hand-picked", "members.jsonl");
        Assert.Contains("\"cio_id\":", await TextAsync(members), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(members));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(members)!));
        }

        var run = await _bench.Statements.ToolAsync("backup", "saved");
        Assert.Contains("members of segments are no longer in the folder", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(members));
    }

    [Fact]
    public async Task The_price_is_told_without_writing()
    {
        var run = await _bench.Statements.ToolAsync("backup", "saved", "--dry-run");

        Assert.True(run.Code == 0, run.Error);
        Assert.Matches("About [0-9]+ requests, [0-9]+ s at the workspace's rate", run.Out);
        Assert.False(Directory.Exists(_bench.Folder));
    }

    [Fact]
    public async Task Some_kinds_are_backed_up_and_the_others_stay_as_they_were()
    {
        await _bench.BackupAsync("--only", "snippets");
        Assert.DoesNotContain(_bench.Files().Keys, path => path.StartsWith("campaigns/", StringComparison.Ordinal));
        await _bench.BackupAsync();
        var before = _bench.Files();
        await _bench.DoAsync("UPDATE snippets SET value = 'x' WHERE name = 'address'");
        await _bench.DoAsync("UPDATE collections SET data = '[]' WHERE name = 'lines'");

        await _bench.BackupAsync("--only", "snippets");

        Assert.Equal(
            ["snippets/address/snippet.json", "snippets/address/value.liquid"],
            _bench.Files().Where(one => before[one.Key] != one.Value).Select(one => one.Key));
    }

    [Fact]
    public async Task A_folder_that_is_no_backup_or_one_of_another_workspace_is_not_written_into()
    {
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "snippets"));
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "snippets", "mine.txt"), "mine", Cancel);
        var before = _bench.Files();
        var run = await _bench.Statements.ToolAsync("backup", "saved");
        Assert.Equal(2, run.Code);
        Assert.Contains("it is not known as a backup", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, _bench.Files());

        Directory.Delete(_bench.Folder, recursive: true);
        await _bench.BackupAsync("--only", "snippets");
        await AnotherWorkspace.MakeAsync(_bench.Folder);
        var other = await _bench.Statements.ToolAsync("backup", "saved");

        Assert.Equal(2, other.Code);
        Assert.Contains("is of workspace Elsewhere (id 7,", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_the_way_leaves_the_folder_as_it_was()
    {
        await _bench.BackupAsync("--only", "collections");
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "snippets"));
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "snippets", "address"), "mine", Cancel);
        var before = _bench.Files();

        var run = await _bench.Statements.ToolAsync("backup", "saved");

        Assert.Equal(2, run.Code);
        Assert.Contains("is in the way of the backup", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, _bench.Files());
    }

    // It waits for all attempts, which takes 40 seconds.
    [Fact]
    [Trait("length", "long")]
    public async Task A_workspace_that_fails_leaves_the_folder_as_it_was_and_no_folder_where_none_was()
    {
        await _bench.Statements.Simulator.Server.DisposeAsync();

        var run = await _bench.Statements.ToolAsync("backup", "saved", "--only", "snippets");

        Assert.Equal(5, run.Code);
        Assert.False(Directory.Exists(_bench.Folder));
    }

    [Fact]
    public async Task Git_shows_a_change_of_a_text_as_a_change_of_its_lines()
    {
        _bench.World.Settings.Snippets["terms"] = ("One\nTwo\nThree\n", 1);
        await _bench.BackupAsync("--only", "snippets");
        await GitAsync("init", "-q");
        await GitAsync("add", "-A");
        _bench.World.Settings.Snippets["terms"] = ("One\n2\nThree\n", 1);

        await _bench.BackupAsync("--only", "snippets");

        Assert.Contains(" One\n-Two\n+2\n Three\n", await GitAsync("diff"), StringComparison.Ordinal);
        Assert.Equal("snippets/terms/snippet.json\nsnippets/terms/value.liquid\n", await GitAsync("diff", "--name-only"));
        Assert.Empty(await GitAsync("ls-files", "--others"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<string> TextAsync(string path) => Encoding.UTF8.GetString(await File.ReadAllBytesAsync(path, Cancel));

    private Dictionary<string, DateTime> Times() => Directory.EnumerateFiles(_bench.Folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => path, File.GetLastWriteTimeUtc, StringComparer.Ordinal);

    private async Task<string> GitAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = _bench.Folder,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var git = Process.Start(start)!;
        var text = await git.StandardOutput.ReadToEndAsync(Cancel);
        await git.WaitForExitAsync(Cancel);
        Assert.Equal(0, git.ExitCode);
        return text;
    }
}
