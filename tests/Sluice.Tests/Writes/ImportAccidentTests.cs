using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Sluice.Tests.Cli;
using Sluice.Tests.DuckDb;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>What imports meet on a machine: pipes, odd names, files of others, full disks, wrong keys, and people who mistype.</summary>
public sealed class ImportAccidentTests : IAsyncLifetime
{
    private ImportBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await ImportBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_pipe_is_read_once_and_leaves_no_copy()
    {
        var pipe = await NamedPipe.MakeAsync(Path.Combine(_bench.Folder, "pipe"));
        var writing = Task.Run(() => File.WriteAllText(pipe, "id,a\nfrom-a-pipe,x\n"), TestContext.Current.CancellationToken);
        Assert.Equal(1, (await _bench.RunAsync(_bench.Settings("pipe", "people"))).Taken);
        await writing;
        Assert.Equal("x", _bench.Person("from-a-pipe")?["a"]);
        Assert.Single(Directory.GetFiles(Path.Combine(_bench.Folder, "work", "writes")));
    }

    [Fact]
    public async Task What_a_killed_process_has_left_of_its_input_is_removed()
    {
        var writes = Directory.CreateDirectory(Path.Combine(_bench.Folder, "work", "writes")).FullName;
        var (dead, alive) = (Path.Combine(writes, "read-999999999-a"), Path.Combine(writes, $"read-{Environment.ProcessId}-b"));
        File.WriteAllText(dead, "id\n1\n");
        File.WriteAllText(alive, "id\n2\n");
        _bench.Write("a.csv", "id\n1\n");

        await _bench.RunAsync(_bench.Settings("a.csv", "people"));

        Assert.False(File.Exists(dead));
        Assert.True(File.Exists(alive));
    }

    [Fact]
    public async Task A_name_with_the_letters_of_patterns_is_one_file()
    {
        _bench.Write("a1.csv", "id,a\nother,x\n");
        _bench.Write("a[1].csv", "id,a\nnamed,x\n");

        Assert.Equal(1, (await _bench.RunAsync(_bench.Settings("a[1].csv", "people"))).Taken);

        Assert.NotNull(_bench.Person("named"));
        Assert.Null(_bench.Person("other"));
    }

    [Fact]
    public async Task A_file_of_somebody_else_s_is_not_written_over_by_rejected_rows()
    {
        _bench.Write("a.csv", "id,email\n1,nobody\n");
        File.WriteAllText(_bench.RejectsPath, "mine\n");

        var error = await Assert.ThrowsAsync<SluiceException>(() => _bench.RunAsync(_bench.Settings("a.csv", "people")));
        Assert.Contains("holds something else than rejected rows: nothing was sent", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine\n", File.ReadAllText(_bench.RejectsPath));

        // As the hint says: another file.
        var elsewhere = Path.Combine(_bench.Folder, "others.csv");
        Assert.Equal(1, (await _bench.RunAsync(_bench.Settings("a.csv", "people") with { RejectsPath = elsewhere })).Rejected);
        Assert.Contains("a.csv,2,email,", File.ReadAllText(elsewhere), StringComparison.Ordinal);

        // Its own file it writes anew.
        Assert.Equal(1, (await _bench.RunAsync(_bench.Settings("a.csv", "people", "work2") with { RejectsPath = elsewhere })).Rejected);
    }

    [Fact]
    public async Task Rejected_rows_that_the_disk_does_not_take_stop_the_import_with_a_sentence()
    {
        _bench.Write("a.csv", "id,email\n1,nobody\n");

        var error = await Assert.ThrowsAsync<SluiceException>(
            () => _bench.RunAsync(_bench.Settings("a.csv", "people") with { RejectsPath = "/dev/full" }));

        Assert.Contains("The file of rejected rows /dev/full can't be written", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deletes", null, null, 2)]
    [InlineData("deletes", "3", null, 2)]
    [InlineData("deletes", "2", null, 0)]
    [InlineData("deletes", null, "yes\n", 2)]
    [InlineData("deletes", null, "2\n", 0)]
    [InlineData("suppressions", null, null, 2)]
    [InlineData("suppressions", "yes", null, 2)]
    [InlineData("suppressions", "2", null, 0)]
    public async Task People_are_deleted_only_by_who_says_how_many(string target, string? option, string? typed, int exitCode)
    {
        _bench.Write("a.csv", "id\ngone-1\ngone-2\n");
        await _bench.RunAsync(_bench.Settings("a.csv", "people"));
        var tool = new ToolHarness(_bench.Environment()) { Folder = _bench.Folder, Answers = typed };

        var run = await tool.RunAsync(["import", "a.csv", "--into", target, .. option is null ? Array.Empty<string>() : ["--yes", option]]);

        Assert.Equal(exitCode, run.Code);
        Assert.Equal(exitCode == 0, _bench.Person("gone-1") is null);
        if (exitCode != 0)
        {
            Assert.Contains("Nothing was sent. --dry-run shows what would be; --yes 2 agrees to it.", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_query_after_an_import_is_not_answered_from_before_it()
    {
        _bench.Write("a.csv", "id\nnew-1\nnew-2\n");
        var tool = new ToolHarness(_bench.Environment()) { Folder = _bench.Folder };
        string[] count = ["query", "SELECT count(*) FROM customers", "--format", "csv"];
        var before = Number(await tool.RunAsync(count));

        Assert.Equal(0, (await tool.RunAsync("import", "a.csv", "--into", "people")).Code);

        Assert.Equal(before + 2, Number(await tool.RunAsync(count)));

        static int Number((int Code, string Out, string Error) run) => int.Parse(run.Out.Split('\n')[1], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_wrong_key_is_told_once_and_the_same_command_goes_on_with_the_right_one()
    {
        _bench.Write("a.csv", "id\nlate\n");
        var environment = _bench.Environment();
        var mistyped = new Dictionary<string, string>(environment) { ["CUSTOMERIO_TRACK_API_KEY"] = "wrong" };
        var wrong = new ToolHarness(mistyped) { Folder = _bench.Folder };

        var refused = await wrong.RunAsync("import", "a.csv", "--into", "people");

        Assert.Equal(3, refused.Code);
        Assert.Equal(2, refused.Error.Split("Check the site id").Length);
        var (code, output, _) = await new ToolHarness(environment) { Folder = _bench.Folder }.RunAsync("import", "a.csv", "--into", "people");
        Assert.Equal(0, code);
        Assert.Contains("1 request in ", output, StringComparison.Ordinal);
        Assert.NotNull(_bench.Person("late"));
    }

    [Theory]
    [InlineData("z.csv.zst", "FORMAT csv, COMPRESSION zstd")]
    [InlineData("z.jsonl.zst", "FORMAT json, COMPRESSION zstd")]
    public async Task Files_compressed_by_zstd_are_read_too(string name, string format)
    {
        await using (var duck = await DuckDbSettings.OpenAsync(Path.Combine(_bench.Folder, "make.duckdb"), TestContext.Current.CancellationToken))
        {
            duck.Execute($"COPY (SELECT 'zed' AS id, 'a;b' AS a) TO '{Path.Combine(_bench.Folder, name)}' ({format})");
        }

        Assert.Equal(1, (await _bench.RunAsync(_bench.Settings(name, "people"))).Taken);
        Assert.Equal("a;b", _bench.Person("zed")?["a"]);
    }
}
