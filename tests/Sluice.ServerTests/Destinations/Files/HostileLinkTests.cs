using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;
using Sluice.Engine.State;
using Sluice.Tests.DuckDb;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations.Files;

/// <summary>A symbolic link in a shared folder leads neither a reader nor a writer to another file of the machine.</summary>
public sealed class HostileLinkTests
{
    private static string Things => Path.Combine(Schema, "things");

    [Theory]
    [InlineData("things/_manifest.json")]
    [InlineData("things/DATA")]
    [InlineData("things")]
    [InlineData("")]
    public async Task What_stands_behind_a_link_is_not_read(string link)
    {
        await using var bench = new FolderBench("parquet");
        await bench.LoadAsync(Strategy.Merge, """{"id":1,"name":"a"}""");
        var place = Path.Combine(bench.Root, Schema, link.Replace("DATA", bench.Files()[0], StringComparison.Ordinal));
        MoveBehindLink(place, bench.Root + "-elsewhere");
        var error = await Assert.ThrowsAsync<SluiceException>(() => bench.Desk.ReadAsync());
        Assert.Equal(SluiceErrorKind.Destination, error.Kind);
        Assert.Contains("is a symbolic link", error.Message, StringComparison.Ordinal);
        var report = await TryLoadAsync(bench);
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Destination, error.Message), (report.Outcome, report.ErrorKind, report.Error));
    }

    [Theory]
    [InlineData("things/_manifest.json")]
    [InlineData("things/DATA")]
    public async Task A_pipe_in_the_place_of_a_file_is_refused_and_not_waited_for(string file)
    {
        await using var bench = new FolderBench("parquet");
        await bench.LoadAsync(Strategy.Merge, """{"id":1,"name":"a"}""");
        var place = Path.Combine(bench.Root, Schema, file.Replace("DATA", bench.Files()[0], StringComparison.Ordinal));
        File.Delete(place);
        await NamedPipe.MakeAsync(place);
        var error = await Assert.ThrowsAsync<SluiceException>(() => bench.Desk.ReadAsync());
        Assert.Equal($"{place} is a named pipe, and a destination has files and folders alone.", error.Message);
        var report = await TryLoadAsync(bench);
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Destination, error.Message), (report.Outcome, report.ErrorKind, report.Error));
        File.Delete(place);
    }

    [Theory]
    [InlineData("things.lock")]
    [InlineData("things.new")]
    public async Task A_pipe_where_a_load_works_is_refused(string file)
    {
        await using var bench = new FolderBench("parquet");
        var place = Path.Combine(bench.Root, ".sluice", Schema, file);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        await NamedPipe.MakeAsync(place);
        var report = await TryLoadAsync(bench);
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Destination), (report.Outcome, report.ErrorKind));
        Assert.Contains("is a named pipe", report.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("things.lock")]
    [InlineData("things.new")]
    [InlineData("things.old")]
    [InlineData("")]
    public async Task A_load_makes_and_changes_nothing_behind_a_link(string link)
    {
        await using var bench = new FolderBench("parquet");
        var elsewhere = bench.Root + "-elsewhere";
        if (link.EndsWith(".lock", StringComparison.Ordinal))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(elsewhere)!);
        }
        else
        {
            Directory.CreateDirectory(elsewhere);
        }

        var place = Path.Combine(bench.Root, ".sluice", Schema, link).TrimEnd('/');
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.CreateSymbolicLink(place, elsewhere);
        var report = await TryLoadAsync(bench);
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Destination), (report.Outcome, report.ErrorKind));
        Assert.Contains("is a symbolic link", report.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(elsewhere));
        Assert.False(Directory.Exists(elsewhere) && Directory.EnumerateFileSystemEntries(elsewhere).Any());
    }

    [Fact]
    public async Task A_link_where_the_next_manifest_is_made_is_replaced_and_not_followed()
    {
        await using var bench = new FolderBench("parquet");
        await bench.LoadAsync(Strategy.Merge, """{"id":1,"name":"a"}""");
        var victim = bench.Root + "-victim";
        await File.WriteAllTextAsync(victim, "mine", Cancel);
        File.CreateSymbolicLink(Path.Combine(bench.Root, Things, "_manifest.json.new"), victim);
        await using (var destination = await bench.Desk.OpenAsync())
        {
            var state = new TableState { Table = "things", Source = "things", Until = Began, RunId = null };
            await destination.SystemTables(Schema).WriteStateAsync(state, Began, Cancel);
        }

        await bench.LoadAsync(Strategy.Merge, """{"id":2,"name":"b"}""");
        Assert.Equal("mine", await File.ReadAllTextAsync(victim, Cancel));
        Assert.Equal(["1|a", "2|b"], await bench.Desk.LinesAsync("id", "name"));
    }

    [Fact]
    public async Task Accounts_of_runs_are_not_read_or_written_behind_a_link()
    {
        await using var bench = new FolderBench("parquet");
        await bench.LoadAsync(Strategy.Merge, """{"id":1,"name":"a"}""");
        var elsewhere = Directory.CreateDirectory(bench.Root + "-elsewhere");
        Directory.CreateSymbolicLink(Path.Combine(bench.Root, Schema, "_sluice_runs"), elsewhere.FullName);
        await using var destination = await bench.Desk.OpenAsync();
        var books = destination.SystemTables(Schema);
        await Assert.ThrowsAsync<SluiceException>(() => books.ReadRunsAsync(1, Cancel));
        await Assert.ThrowsAsync<SluiceException>(() => books.RecordRunAsync(new RunRecord("r", Began, Began, 0, 1, "{}"), Cancel));
        Assert.Empty(elsewhere.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task The_folder_of_the_address_may_be_a_link_and_so_may_a_folder_that_is_no_table()
    {
        await using var bench = new FolderBench("parquet");
        Directory.CreateSymbolicLink(bench.Root, Directory.CreateDirectory(bench.Root + "-elsewhere").FullName);
        await bench.LoadAsync(Strategy.Merge, """{"id":1,"name":"a"}""");
        Directory.CreateSymbolicLink(Path.Combine(bench.Root, Schema, "notes"), Directory.CreateDirectory(bench.Root + "-notes").FullName);
        await bench.LoadAsync(Strategy.Merge, """{"id":2,"name":"b"}""");
        await using var destination = await bench.Desk.OpenAsync();
        Assert.Single(await destination.SystemTables(Schema).ReadStatesAsync(Cancel));
    }

    private static Task<TableReport> TryLoadAsync(FolderBench bench) => bench.Desk.TryLoadAsync(
        $"parquet:///{bench.Root}", Job(FolderBench.Things, Strategy.Merge), LoadScenario.Plain, ["""{"id":2,"name":"b"}"""]);

    private static void MoveBehindLink(string place, string elsewhere)
    {
        place = Path.TrimEndingDirectorySeparator(place);
        Directory.Move(place, elsewhere);
        File.CreateSymbolicLink(place, elsewhere);
    }
}
