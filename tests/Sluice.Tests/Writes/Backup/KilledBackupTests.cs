using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Writes.Backup;
using Sluice.Writes.Statements;
using Xunit;

namespace Sluice.Tests.Writes.Backup;

/// <summary>Processes that end in the middle: of a backup nothing half is restored, and a restore does the rest.</summary>
public sealed class KilledBackupTests : IAsyncLifetime
{
    private BackupBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await BackupBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Killed_at_any_file_a_backup_is_refused_until_the_next_one_brings_it_to_its_end()
    {
        await WriteAsync(("kept", "1"), ("changed", "1"), ("gone", "1"));
        var former = _bench.Files();
        await WriteAsync(("kept", "1"), ("changed", "2"), ("came", "2"));
        var whole = _bench.Files();
        var killedAt = 0;
        for (var isKilled = true; isKilled; killedAt++)
        {
            Directory.Delete(_bench.Folder, recursive: true);
            await WriteAsync(("kept", "1"), ("changed", "1"), ("gone", "1"));
            Assert.Equal(former, _bench.Files());
            isKilled = await IsKilledAsync(killedAt, ("kept", "1"), ("changed", "2"), ("came", "2"));
            if (isKilled)
            {
                var error = Assert.Throws<SluiceException>(() => BackupFolder.Open(_bench.Folder, "saved"));
                Assert.Contains("did not come to its end", error.Message, StringComparison.Ordinal);
                await WriteAsync(("kept", "1"), ("changed", "2"), ("came", "2"));
            }

            Assert.Equal(whole, _bench.Files());
        }

        Assert.True(killedAt > 5);
    }

    [Fact]
    public async Task After_a_kill_a_backup_of_a_part_does_not_make_the_folder_whole()
    {
        await _bench.BackupAsync("--only", "snippets,collections");
        var index = Path.Combine(_bench.Folder, BackupIndex.FileName);
        var text = await File.ReadAllTextAsync(index, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            index, text.Replace("\"complete\": true", "\"complete\": false", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var part = await _bench.Statements.ToolAsync("backup", "saved", "--only", "snippets");
        var refused = await _bench.RestoreAsync();
        await _bench.BackupAsync("--only", "snippets,collections");

        Assert.Equal((2, 2), (part.Code, refused.Code));
        Assert.Contains("Leave out --only.", part.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _bench.RestoreAsync()).Code);
    }

    [Fact]
    public async Task Two_backups_into_one_folder_do_not_mix()
    {
        using var writer = BackupWriter.Open(_bench.Folder, Index);

        var run = await _bench.Statements.ToolAsync("backup", "saved", "--only", "snippets");

        Assert.Equal(2, run.Code);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Killed_anywhere_the_same_restore_does_the_rest_and_nothing_twice(int seed) => KilledRestore.AssertAsync(_bench, seed);

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 4)];

    [Fact]
    public async Task A_thing_that_was_made_without_an_answer_is_not_made_again()
    {
        await _bench.BackupAsync("--only", "collections");
        var before = _bench.Contents();
        _bench.World.Settings.Collections.Remove(4);
        using var handler = new SpoiltWrites(_ => new Spoil { IsDone = true, IsLost = true });

        var report = await _bench.RunAsync(handler);
        Assert.Equal((7, 1), (report.ExitCode, report.Tables.Sum(one => one.Report.Count(CallState.Unknown))));
        using var second = new SpoiltWrites(_ => Spoil.Nothing);
        var again = await _bench.RunAsync(second);

        Assert.Equal((0, 0), (again.ExitCode, second.Writes));
        Assert.Equal(before, _bench.Contents());
    }

    [Fact]
    public async Task A_refusal_stops_and_the_same_restore_goes_on()
    {
        await _bench.BackupAsync("--only", "snippets,collections");
        var before = _bench.Contents();
        foreach (var name in _bench.World.Settings.Snippets.Keys.ToList())
        {
            _bench.World.Settings.Snippets[name] = ("x", 1);
        }

        _bench.World.Settings.Collections.Remove(4);
        using var handler = new SpoiltWrites(number => number == 2 ? new Spoil { Status = HttpStatusCode.BadRequest } : Spoil.Nothing);

        var report = await _bench.RunAsync(handler);

        Assert.Equal(7, report.ExitCode);
        Assert.Equal((1, 1, 2), (
            report.Tables.Sum(one => one.Report.Count(CallState.Done)),
            report.Tables.Sum(one => one.Report.Count(CallState.Refused)),
            report.Tables.Sum(one => one.Report.Count(CallState.NotTried))));
        Assert.Equal(0, (await _bench.RunAsync()).ExitCode);
        Assert.Equal(before, _bench.Contents());
    }

    [Fact]
    public async Task What_Customer_io_takes_and_does_not_keep_is_named()
    {
        await _bench.BackupAsync("--only", "snippets");
        _bench.World.Settings.Snippets["address"] = ("x", 1);
        using var handler = new SpoiltWrites(_ => new Spoil { Status = HttpStatusCode.OK });

        var report = await _bench.RunAsync(handler);

        Assert.Equal(7, report.ExitCode);
        Assert.Equal(["snippets/address"], report.NotAsSent);
    }

    private static BackupIndex Index => new() { Api = "us", Kinds = ["snippets"] };

    private async Task WriteAsync(params (string Name, string Value)[] snippets)
    {
        using var writer = BackupWriter.Open(_bench.Folder, Index);
        await writer.AddAsync(BackupKind.Find("snippets")!, RowsAsync(snippets), TestContext.Current.CancellationToken);
        writer.Complete();
    }

    // What is written beside stays, as after a kill: a copy of the folder is what the next process finds.
    private async Task<bool> IsKilledAsync(int at, params (string Name, string Value)[] snippets)
    {
        using var writer = BackupWriter.Open(_bench.Folder, Index);
        writer.Changing = () =>
        {
            if (at-- == 0)
            {
                throw new OperationCanceledException("killed");
            }
        };
        await writer.AddAsync(BackupKind.Find("snippets")!, RowsAsync(snippets), TestContext.Current.CancellationToken);
        try
        {
            writer.Complete();
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private static async IAsyncEnumerable<JsonObject> RowsAsync(
        IEnumerable<(string Name, string Value)> snippets, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        foreach (var (name, value) in snippets)
        {
            cancel.ThrowIfCancellationRequested();
            await Task.CompletedTask;
            yield return new JsonObject { ["name"] = name, ["value"] = value };
        }
    }
}
