using Sluice.Writes.Backup;
using Xunit;

namespace Sluice.Tests.Writes.Backup;

/// <summary>A folder that came from somebody else: what is in it leads nowhere, and is refused where it is not what a backup writes.</summary>
public sealed class HostileFolderTests(HostileFolderTests.Shared shared) : IClassFixture<HostileFolderTests.Shared>, IAsyncLifetime
{
    private BackupBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = shared.Bench;
        await shared.ResetAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static TheoryData<string, string, string> Files => new()
    {
        { "sluice-backup.json", "{\"sluice_backup\": 2}", "is of format 2, and this version of Sluice knows format 1 alone" },
        { "sluice-backup.json", "{\"sluice_backup\": true}", "is not what 'sluice backup' writes" },
        { "sluice-backup.json", "[", "is not what 'sluice backup' writes" },
        { "snippets/address/snippet.json", "{\"name\": 5}", "name is not what a backup writes: 5" },
        { "snippets/address/snippet.json", "{\"name\": \"\\ud800\"}", "is no JSON" },
        { "snippets/address/snippet.json", "{}", "name is missing" },
        { "snippets/address/snippet.json", "{\"name\": \"address\", \"name\": \"other\"}", "is no JSON" },
        { "snippets/address/snippet.json", "{\"name\": \"address\", \"route\": \"/v1/other\"}", "route is not what a backup writes" },
        { "snippets/address/snippet.json", "{\"name\": \"a/b c+d\"}", "are about the same thing" },
        { "snippets/address/value.html", "twice", "has both value.html and value.liquid" },
        { "collections/lines/rows.jsonl", "{\"a\":1}\n[1]\n", "rows.jsonl, line 2: is no JSON object" },
        { "collections/lines/rows.jsonl", "{\"a\":1,\"a\":2}\n", "rows.jsonl, line 1: is no JSON" },
        { "newsletters/x/y/content.json", "{\"newsletter_id\": \"../../1\", \"id\": 1}", "newsletter_id is not what a backup writes" },
        { "newsletters/x/y/content.json", "{\"newsletter_id\": -1, \"id\": 1}", "newsletter_id must be a number from 1" },
        { "newsletters/x/y/content.json", "{\"newsletter_id\": 1, \"id\": 50001}", "are about the same thing" },
        { "newsletters/x/y/content.json", "{\"newsletter_id\": 1, \"id\": 1, \"from_id\": \"1\"}", "from_id is not what a backup writes" },
        { "newsletters/x/y/content.json", "{\"newsletter_id\": 1, \"id\": 1, \"sending_state\": \"off\"}", "sending_state is not what a backup" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_that_no_backup_writes_is_refused_by_its_name(string file, string text, string told)
    {
        var path = Path.Combine(_bench.Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, Cancel);

        var run = await _bench.RestoreAsync("--yes");

        Assert.Equal(2, run.Code);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Empty(_bench.Statements.Journals.List());
    }

    [Fact]
    public async Task What_is_nested_without_end_or_no_text_is_refused()
    {
        var file = Path.Combine(_bench.Folder, "snippets", "address", "snippet.json");
        await File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), Cancel);
        Assert.Equal(2, (await _bench.RestoreAsync("--yes")).Code);
        await File.WriteAllTextAsync(file, "{\"name\": \"address\"}", Cancel);
        await File.WriteAllBytesAsync(Path.Combine(_bench.Folder, "snippets", "address", "value.liquid"), [0xff, 0xfe], Cancel);

        var run = await _bench.RestoreAsync("--yes");

        Assert.Equal(2, run.Code);
        Assert.Contains("is no text in UTF-8", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("snippets/address/value.liquid")]
    [InlineData("snippets/address/snippet.json")]
    [InlineData("snippets/address")]
    [InlineData("snippets")]
    [InlineData("sluice-backup.json")]
    public async Task A_link_is_not_followed_neither_to_read_nor_to_write(string link)
    {
        var path = Path.Combine(_bench.Folder, link);
        var outside = Path.Combine(_bench.Statements.Folder, "outside");
        Directory.Move(path, outside);
        File.CreateSymbolicLink(path, outside);
        _bench.World.Settings.Snippets["new"] = ("x", 1);
        var before = Directory.Exists(outside)
            ? string.Join(',', Directory.EnumerateFiles(outside, "*", SearchOption.AllDirectories).Select(File.ReadAllText))
            : await File.ReadAllTextAsync(outside, Cancel);

        var restored = await _bench.RestoreAsync("--yes");
        var backedUp = await _bench.Statements.ToolAsync("backup", "saved", "--only", "snippets");

        Assert.Equal((2, 2), (restored.Code, backedUp.Code));
        Assert.Contains("is a link", restored.Error, StringComparison.Ordinal);
        Assert.Contains("is a link", backedUp.Error, StringComparison.Ordinal);
        Assert.Empty(_bench.Statements.Journals.List());
        Assert.Equal(before, Directory.Exists(outside)
            ? string.Join(',', Directory.EnumerateFiles(outside, "*", SearchOption.AllDirectories).Select(File.ReadAllText))
            : await File.ReadAllTextAsync(outside, Cancel));
    }

    [Fact]
    public async Task Links_where_a_backup_is_written_beside_lead_nowhere()
    {
        var outside = Path.Combine(_bench.Statements.Folder, "outside");
        Directory.CreateDirectory(Path.Combine(outside, "snippets"));
        await File.WriteAllTextAsync(Path.Combine(outside, "snippets", "mine"), "mine", Cancel);
        var part = Directory.CreateDirectory(Path.Combine(_bench.Folder, ".sluice-backup"));
        foreach (var name in new[] { ".gitignore", BackupIndex.FileName, "snippets" })
        {
            File.CreateSymbolicLink(Path.Combine(part.FullName, name), Path.Combine(outside, name));
        }

        _bench.World.Settings.Snippets["new"] = ("x", 1);
        await _bench.BackupAsync("--only", "snippets");

        Assert.Equal(["snippets"], Directory.GetFileSystemEntries(outside).Select(Path.GetFileName));
        Assert.Equal(["mine"], Directory.GetFileSystemEntries(Path.Combine(outside, "snippets")).Select(Path.GetFileName));
        Assert.Equal("x\n", await File.ReadAllTextAsync(_bench.PathOf("snippets", "new", "value.liquid"), Cancel));
    }

    [Fact]
    public async Task A_name_that_looks_like_a_path_is_a_name()
    {
        _bench.World.Settings.Snippets["../../evil"] = ("x", 1);
        _bench.World.Settings.Snippets["con"] = ("x", 1);
        _bench.World.Settings.Snippets["Address"] = ("x", 1);
        await _bench.BackupAsync("--only", "snippets");
        var files = _bench.Files();
        Assert.Empty(Directory.GetFileSystemEntries(_bench.Statements.Folder).Select(Path.GetFileName).Except(["saved", "home"]));
        _bench.World.Settings.Snippets.Remove("../../evil");

        var run = await _bench.RestoreAsync("--yes");

        Assert.True(run.Code == 0, run.Error);
        Assert.Equal("x", _bench.World.Settings.Snippets["../../evil"].Value);
        await _bench.BackupAsync("--only", "snippets");
        Assert.Equal(files, _bench.Files());
    }

    [Fact]
    public async Task A_value_that_Customer_io_does_not_take_is_told_before_anything_is_sent()
    {
        await File.WriteAllTextAsync(_bench.PathOf("snippets", "address", "value.liquid"), new string('x', 17_000), Cancel);

        var run = await _bench.RestoreAsync("--yes");

        Assert.Equal(2, run.Code);
        Assert.Contains("value has 17000 characters; Customer.io takes 16000", run.Error, StringComparison.Ordinal);
        Assert.Empty(_bench.Statements.Journals.List());
    }

    [Fact]
    public async Task A_folder_without_a_backup_says_how_to_make_one()
    {
        File.Delete(Path.Combine(_bench.Folder, BackupIndex.FileName));

        var run = await _bench.RestoreAsync();

        Assert.Equal(2, run.Code);
        Assert.Contains("There is no backup in saved", run.Error, StringComparison.Ordinal);
    }

    /// <summary>One workspace with one backup, which each test gets as it was made.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

        internal BackupBench Bench { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Bench = await BackupBench.StartAsync();
            await Bench.BackupAsync("--only", "snippets,collections,newsletters");
            foreach (var path in Directory.EnumerateFiles(Bench.Folder, "*", SearchOption.AllDirectories))
            {
                _files[path] = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            }
        }

        public ValueTask DisposeAsync() => Bench.DisposeAsync();

        internal async Task ResetAsync()
        {
            foreach (var entry in new DirectoryInfo(Bench.Statements.Folder).EnumerateFileSystemInfos())
            {
                if (entry is DirectoryInfo { LinkTarget: null } folder)
                {
                    folder.Delete(recursive: true);
                }
                else
                {
                    entry.Delete();
                }
            }

            foreach (var (path, bytes) in _files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
            }

            foreach (var name in Bench.World.Settings.Snippets.Keys.Except(["address", "a/b c+d", "ünï 🎉"]).ToList())
            {
                Bench.World.Settings.Snippets.Remove(name);
            }
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
