using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Sluice.Destinations;
using Sluice.Destinations.Sqlite;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

/// <summary>What is SQLite's alone.</summary>
public sealed class SqliteTableTests : IAsyncDisposable
{
    private static readonly Resource Named = Table(Is("name", ColumnType.Text));

    private readonly FilePlace _place = new("sqlite", "out.db");

    private LoadHarness Desk => field ??= new LoadHarness(_place);

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task Values_are_stored_as_other_programs_expect_them()
    {
        var resource = Table(
            Is("n", ColumnType.Bigint),
            Is("d", ColumnType.Double),
            Is("b", ColumnType.Boolean),
            Is("t", ColumnType.Text),
            Is("u", ColumnType.UnixTime),
            Is("j", ColumnType.Json));
        await Desk.LoadAsync(
            Job(resource, Strategy.Merge),
            LoadScenario.Plain,
            ["""{"id":1,"n":9007199254740993,"d":2,"b":true,"t":"007","u":1767225600,"j":12}"""]);

        Assert.Equal(
            "9007199254740993|2.0|1|007|2026-01-01 00:00:00.000000+00:00|12",
            Query("SELECT n || '|' || d || '|' || b || '|' || t || '|' || u || '|' || j FROM crm_things"));
        Assert.Equal(
            "integer real integer text text text",
            Query(
                "SELECT typeof(n) || ' ' || typeof(d) || ' ' || typeof(b) || ' ' || typeof(t) || ' ' || typeof(u) || ' ' || typeof(j) FROM crm_things"
            ));
        Assert.Equal("1767225600", Query("SELECT strftime('%s', u) FROM crm_things"));
        Assert.Equal("wal", Query("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task Tables_of_the_usual_schema_have_their_plain_names()
    {
        await Desk.LoadAsync(Job(Named, Strategy.Merge) with { Schema = "customerio" }, LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);

        Assert.Equal(
            "_sluice_columns,_sluice_ledger,_sluice_rejects,_sluice_runs,_sluice_state,things",
            Query("SELECT group_concat(name) FROM (SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name)"));
    }

    [Fact]
    public async Task What_stands_in_the_schema_of_the_file_opens_no_other_file()
    {
        await Desk.LoadAsync(Job(Named, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a","x":1}"""]);
        var victim = _place.Path + "-victim.db";
        Query(
            $"""
            CREATE INDEX mine ON crm_things (name); PRAGMA writable_schema = ON;
            UPDATE sqlite_master SET sql = sql || '; ATTACH DATABASE ''{victim}'' AS v; CREATE TABLE v.t (a)' WHERE name = 'mine'
            """);
        var report = await Desk.TryLoadAsync(_place.Uri, Job(Named, Strategy.Merge), LoadScenario.Plain, ["""{"id":2,"x":"text"}"""]);
        Assert.Equal(SluiceErrorKind.Destination, report.ErrorKind);
        Assert.False(File.Exists(victim));
    }

    [Theory]
    [InlineData("UPDATE _sluice_columns SET column_type = 'BIGINT); SELECT 1; --'", "there is no type BIGINT); SELECT 1; --")]
    [InlineData("UPDATE _sluice_columns SET column_name = ''", "it names no column")]
    [InlineData("UPDATE _sluice_columns SET run_id = NULL", "run_id is NULL")]
    [InlineData("UPDATE _sluice_columns SET added_at = 'yesterday'", "added_at holds no time.")]
    [InlineData("UPDATE _sluice_columns SET field = 'json:{'", "row that Sluice did not write")]
    public async Task What_stands_in_a_system_table_is_told_when_Sluice_did_not_write_it(string change, string words)
    {
        await Desk.LoadAsync(Job(Named, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a","x":1}"""]);
        Query(change.Replace("_sluice_columns", "crm__sluice_columns", StringComparison.Ordinal));
        var report = await Desk.TryLoadAsync(_place.Uri, Job(Named, Strategy.Merge), LoadScenario.Plain, ["""{"id":2,"x":2}"""]);
        Assert.Equal(SluiceErrorKind.Destination, report.ErrorKind);
        Assert.Contains("_sluice_columns", report.Error, StringComparison.Ordinal);
        Assert.Contains(words, report.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE crm__sluice_state SET parents = '{\"1\":9223372036854775807}'")]
    [InlineData("UPDATE crm__sluice_state SET parents = 'null'")]
    [InlineData("UPDATE crm__sluice_state SET parents = '['")]
    [InlineData("UPDATE crm__sluice_state SET source = NULL")]
    [InlineData("UPDATE crm__sluice_state SET read_until = 'soon'")]
    public async Task A_state_that_can_not_be_is_told_with_its_table(string change)
    {
        await Desk.LoadAsync(Job(Named, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        await using var destination = await Desk.OpenAsync();
        var state = new Engine.State.TableState { Table = "things", Source = "things", Until = Began, RunId = null };
        await destination.SystemTables(Schema).WriteStateAsync(state, Began, Cancel);
        Query(change);
        var error = await Assert.ThrowsAsync<SluiceException>(() => destination.SystemTables(Schema).ReadStatesAsync(Cancel));
        Assert.Equal(SluiceErrorKind.Destination, error.Kind);
        Assert.Contains("crm._sluice_state", error.Message, StringComparison.Ordinal);
        Assert.DoesNotMatch("System\\.|Int64|DateTime|deserializ", error.Message);
    }

    [Theory]
    [InlineData("CREATE VIEW shown AS SELECT name FROM crm_things", "SELECT group_concat(name) FROM shown", "b,c")]
    [InlineData("CREATE INDEX mine ON crm_things (name)", "SELECT count(*) FROM sqlite_master WHERE name = 'mine'", "1")]
    [InlineData(
        "CREATE TABLE heard (name); CREATE TRIGGER hear AFTER INSERT ON crm_things BEGIN INSERT INTO heard VALUES (new.name); END",
        "SELECT group_concat(name) FROM heard",
        "b,c"
    )]
    public async Task What_was_made_upon_a_table_outlives_its_replacement_and_widening(string made, string asked, string expected)
    {
        await Desk.LoadAsync(Job(Named, Strategy.Replace), LoadScenario.Plain, ["""{"id":1,"name":"a","x":1}"""]);
        Query(made);
        await Desk.LoadAsync(Job(Named, Strategy.Replace), LoadScenario.Plain, ["""{"id":2,"name":"b","x":2}""", """{"id":3,"name":"c","x":3}"""]);

        Assert.Equal(expected, Query(asked));
        var report = await Desk.LoadAsync(Job(Named, Strategy.Merge), LoadScenario.Plain, ["""{"id":3,"name":"c","x":"three"}"""]);
        Assert.Equal(("x", 1), (Assert.Single(report.SchemaChanges).Column, report.Rows));
        Assert.Equal(["2|b|2", "3|c|three"], await Desk.LinesAsync());
        Assert.Equal("1", Query("SELECT count(*) FROM sqlite_master WHERE name IN ('shown', 'mine', 'hear')"));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_told_and_left_alone()
    {
        await File.WriteAllTextAsync(_place.Path, string.Concat(Enumerable.Repeat("name,price\n", 200)), Cancel);

        var error = await Assert.ThrowsAsync<SluiceException>(() => DestinationRegistry.OpenAsync(_place.Uri, Cancel));

        Assert.Equal(SluiceErrorKind.Destination, error.Kind);
        Assert.Contains("is no SQLite database", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("name,price\n", await File.ReadAllTextAsync(_place.Path, Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sqlite://", SluiceErrorKind.Config, "names no file")]
    [InlineData("sqlite:////tmp/", SluiceErrorKind.Config, "names no file")]
    [InlineData("sqlite:///a.db?mode=ro", SluiceErrorKind.Config, "has options")]
    [InlineData("sqlite:////tmp/there/is/no/such/folder/a.db", SluiceErrorKind.Destination, "does not exist")]
    [InlineData("sqlite:////proc", SluiceErrorKind.Destination, "it is a folder")]
    public async Task A_wrong_address_is_told_with_what_to_do(string uri, SluiceErrorKind kind, string said)
    {
        var error = await Assert.ThrowsAsync<SluiceException>(() => DestinationRegistry.OpenAsync(uri, Cancel));

        Assert.Equal(kind, error.Kind);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint!);
    }

    [Fact]
    public async Task A_file_that_vanished_during_a_run_is_not_made_anew_in_silence()
    {
        await using var destination = await DestinationRegistry.OpenAsync(_place.Uri, Cancel);
        File.Delete(_place.Path);

        var error = await Assert.ThrowsAsync<SluiceException>(() =>
            destination.OpenWriterAsync(Desk.Target(Job(Named, Strategy.Merge), "load"), Cancel));

        Assert.Contains("was removed while it was being written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_holds_the_file_is_named_and_a_writer_waits_for_another_one()
    {
        await Desk.LoadAsync(Job(Named, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        await using var other = new SqliteConnection($"Data Source={_place.Path};Pooling=False");
        await other.OpenAsync(Cancel);
        var writing = other.BeginTransaction();
        using var follower = Process.Start(
            new ProcessStartInfo("tail", ["-f", _place.Path]) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        try
        {
            await using var hasty = new SqliteDatabase(FileAddress.Parse(_place.Uri, ".db"), TimeSpan.Zero);
            var busy = await Assert.ThrowsAsync<SqliteException>(() => hasty.BeginAsync(Cancel));
            var error = hasty.Explain("Writing", busy);
            Assert.True(error.IsTransient);

            // It may take the other program a moment to open the file.
            while (!error.Message.Contains($"tail (process {follower.Id.ToString(CultureInfo.InvariantCulture)})", StringComparison.Ordinal))
            {
                await Task.Delay(10, Cancel);
                error = hasty.Explain("Writing", busy);
            }

            var waiting = Desk.LoadAsync(Job(Named, Strategy.Merge), LoadScenario.Plain, ["""{"id":2,"name":"b"}"""]);
            await Task.Delay(100, Cancel);
            await writing.DisposeAsync();
            Assert.Equal(1, (await waiting).Rows);
        }
        finally
        {
            follower.Kill();
        }
    }

    // The driver of another program, as it were.
    private string Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_place.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }
}
