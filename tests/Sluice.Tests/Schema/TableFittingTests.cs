using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Runs;
using Sluice.Engine.Shape;
using Xunit;
using static Sluice.Tests.Shape.ShapeBench;

namespace Sluice.Tests.Schema;

public sealed class TableFittingTests : IDisposable
{
    private const SchemaContract Evolve = SchemaContract.Evolve;
    private static readonly Resource Things = Table(Is("id", ColumnType.Bigint), Is("n", ColumnType.Bigint));
    private readonly LoadBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_type_widens_between_segments_and_what_was_staged_stays_what_it_was()
    {
        var report = await _bench.LoadAsync(
            LoadBench.Job(Things), Evolve, ["""{"id":1,"a":1,"b":9007199254740993,"c":true,"d":{"x":1.0},"e":0.1}"""],
            ["""{"id":2,"a":1.5,"b":1.5,"c":"x","d":7,"e":"007"}"""]);
        Assert.Equal(TableOutcome.Done, report.Outcome);
        Assert.Equal(
            [["1", "1", "9007199254740993", "true", """{"x":1.0}""", "0.1"], ["2", "1.5", "1.5", "x", "7", "007"]],
            _bench.Query("SELECT id, a, b, c, d, e FROM crm.things ORDER BY id"));
        Assert.Equal("BIGINT, BIGINT, DOUBLE, VARCHAR, VARCHAR, VARCHAR, VARCHAR", Types());
    }

    [Theory]
    [InlineData("1", "1.5", "DOUBLE", "1", "1.5")]
    [InlineData("9007199254740993", "1.5", "VARCHAR", "9007199254740993", "1.5")]
    [InlineData("0.1", "9007199254740993", "VARCHAR", "0.1", "9007199254740993")]
    [InlineData("true", "\"yes\"", "VARCHAR", "true", "yes")]
    [InlineData("{\"a\":1}", "\"007\"", "VARCHAR", "{\"a\":1}", "007")]
    [InlineData("\"x\"", "1.0", "VARCHAR", "x", "1.0")]
    [InlineData("1.5", "2", "DOUBLE", "1.5", "2")]
    public async Task A_type_widens_between_runs_and_never_becomes_narrower(string first, string second, string type, string one, string other)
    {
        await _bench.LoadAsync(LoadBench.Job(Things), Evolve, [$"{{\"id\":1,\"f\":{first}}}"]);
        var had = Types();
        var report = await _bench.LoadAsync(LoadBench.Job(Things), Evolve, [$"{{\"id\":2,\"f\":{second}}}"]);
        Assert.Equal(TableOutcome.Done, report.Outcome);
        Assert.EndsWith(type, Types(), StringComparison.Ordinal);
        Assert.Equal(had == Types() ? [] : [$"widened from {had.Split(", ")[^1]} to {type}"], report.SchemaChanges.Select(change => change.Change));
        Assert.Equal([[one], [other]], _bench.Query("SELECT f FROM crm.things ORDER BY id"));
        await _bench.LoadAsync(LoadBench.Job(Things, Strategy.Replace), Evolve, [$"{{\"id\":1,\"f\":{first}}}"]);
        Assert.EndsWith(type, Types(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wide_table_aside_is_widened_though_its_rows_are_not_committed_yet()
    {
        var many = Enumerable.Range(1, 200_000).Select(id => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{id},\"f\":{id}}}")).ToList();
        await _bench.LoadAsync(LoadBench.Job(Things), Evolve, many, ["""{"id":0,"f":"x"}"""]);
        Assert.Equal([["200001", "20000100000"]], _bench.Query("SELECT count(*), sum(TRY_CAST(f AS BIGINT)) FROM crm.things"));
    }

    [Fact]
    public async Task A_load_that_was_stopped_after_staging_goes_on_and_widens_what_is_staged()
    {
        using var segments = new Shape.ShapeBench();
        var many = segments.Segment([
            .. Enumerable.Range(1, 250_000).Select(id => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{id},\"f\":{id},\"name\":1}}")),
        ]);
        var odd = segments.Segment("""{"id":0,"f":"007","Name":"x"}""");
        var target = LoadBench.Target(LoadBench.Job(Things), "run", "test");
        await using var destination = await _bench.OpenAsync();
        await using var staging = new StagingArea(destination);
        await using (var load = await staging.BeginLoadAsync(target, default))
        {
            var shaper = new Shaper(Options(Things) with { Known = load.KnownColumns });
            Assert.Equal(250_000, await load.WriteAsync(shaper.Shape(many), null, default));
        }

        await using var again = await staging.BeginLoadAsync(target, default);
        Assert.Equal(["f", "name"], again.KnownColumns.Where(column => column is { IsStaged: true, InTable: null }).Select(column => column.Field));
        var resumed = new Shaper(Options(Things) with { Known = again.KnownColumns });
        Assert.Contains(many.PackageId, again.DurablePackages);
        Assert.Equal(250_000, await again.WriteAsync(resumed.Shape(many), null, default));
        Assert.Equal(1, await again.WriteAsync(resumed.Shape(odd), null, default));
        Assert.Equal(250_001, (await again.PrepareAsync(resumed.Columns, default)).Rows);
        Assert.Equal(250_001, (await again.CommitAsync(new Checkpoint { Ledger = new LedgerLine { Source = "things" } }, default))!.Loaded);
        Assert.Equal(
            [
                ["0", "007", null, "x"],
                ["250000", "250000", "1", null],
            ],
            _bench.Query("SELECT id, f, name, Name_2 FROM crm.things WHERE id IN (0, 250000) ORDER BY id"));
        Assert.Equal(
            [
                ["Name", "Name_2"],
                ["f", "f"],
                ["name", "name"],
            ],
            Mapping());
    }

    [Fact]
    public async Task Fields_keep_their_columns_whatever_comes_first_in_the_next_run()
    {
        await _bench.LoadAsync(LoadBench.Job(Things), Evolve, ["""{"id":1,"name":"a"}"""], ["""{"id":2,"Name":"B","":"e"}"""]);
        await _bench.LoadAsync(LoadBench.Job(Things), Evolve, ["""{"id":3,"NAME":"C","Name":"D","_":"u"}"""], ["""{"id":4,"name":"f","":"g"}"""]);
        Assert.Equal(
            [
                ["1", "a", null, null, null, null],
                ["2", null, "B", null, "e", null],
                ["3", null, "D", "C", null, "u"],
                ["4", "f", null, null, "g", null],
            ],
            _bench.Query("""SELECT id, name, Name_2, NAME_3, "_", "__2" FROM crm.things ORDER BY id"""));
        Assert.Equal(
            [
                ["", "_"],
                ["NAME", "NAME_3"],
                ["Name", "Name_2"],
                ["_", "__2"],
                ["name", "name"],
            ],
            Mapping());
        Assert.Equal(
            [
                ["name", "run 1"],
                ["NAME", "run 2"],
            ],
            _bench.Query("SELECT field, run_id FROM crm._sluice_columns WHERE field IN ('name', 'NAME') ORDER BY run_id"));
        Assert.Equal(
            [
                ["0"],
            ],
            _bench.Query("SELECT count(*) FROM crm._sluice_columns WHERE table_name <> 'things'"));
    }

    [Fact]
    public async Task In_a_file_from_before_the_mapping_was_kept_a_field_has_the_column_of_its_very_name()
    {
        await _bench.LoadAsync(LoadBench.Job(Things), Evolve, ["""{"id":1,"Name":1,"b":2}"""]);
        _bench.Execute("DROP TABLE crm._sluice_columns");
        var report = await _bench.LoadAsync(LoadBench.Job(Things), Evolve, ["""{"id":2,"name":"x","Name":3,"b":2.5}"""]);
        Assert.Equal([["1", "1", null, "2"], ["2", "3", "x", "2.5"]], _bench.Query("SELECT id, Name, name_2, b FROM crm.things ORDER BY id"));
        Assert.Equal(["b", "name_2"], report.SchemaChanges.Select(change => change.Column).Order(StringComparer.Ordinal));
        Assert.Equal([["Name", "Name"], ["b", "b"], ["name", "name_2"]], Mapping());
    }

    [Fact]
    public async Task A_column_that_somebody_added_is_left_alone_and_a_field_that_is_gone_becomes_null()
    {
        await _bench.LoadAsync(LoadBench.Job(Things), Evolve, ["""{"id":1,"f":1}"""]);
        _bench.Execute("ALTER TABLE crm.things ADD COLUMN note VARCHAR; UPDATE crm.things SET note = 'mine'");
        await _bench.LoadAsync(LoadBench.Job(Things), Evolve, ["""{"id":1,"n":5}"""]);
        Assert.Equal([["1", "5", null, "mine"]], _bench.Query("SELECT id, n, f, note FROM crm.things"));
    }

    [Fact]
    public async Task A_column_of_the_catalog_keeps_its_type_and_its_rejects_are_told_once()
    {
        var odd = """{"id":1,"n":"007"}""";
        var report = await _bench.LoadAsync(LoadBench.Job(Things), Evolve, [odd, """{"id":2,"n":2}"""], [odd]);
        Assert.Equal((1L, 1L, TableOutcome.Partial), (report.Rejected, report.Doubled, report.Outcome));
        Assert.Equal([["""{"id":"1"}""", "n", "007"]], _bench.Query("SELECT record_key::VARCHAR, column_name, raw_value FROM crm._sluice_rejects"));
        Assert.Equal("BIGINT, BIGINT", Types());
    }

    [Fact]
    public async Task A_type_that_would_change_values_fails_with_what_to_do()
    {
        await _bench.LoadAsync(LoadBench.Job(Things), Evolve, ["""{"id":1,"f":1}"""]);
        var wanted = LoadBench.Job(Things) with { TypeOverrides = new Dictionary<string, ColumnType> { ["f"] = ColumnType.Timestamp } };
        var report = await _bench.LoadAsync(wanted, Evolve, ["""{"id":2,"f":"2026-01-01"}"""]);
        Assert.Equal((TableOutcome.Failed, Engine.SluiceErrorKind.Schema), (report.Outcome, report.ErrorKind));
        Assert.Contains("--columns 'f:text'", report.Hint, StringComparison.Ordinal);
        Assert.Equal([["1", "1"]], _bench.Query("SELECT id, f FROM crm.things"));
        var text = LoadBench.Job(Things) with { TypeOverrides = new Dictionary<string, ColumnType> { ["f"] = ColumnType.Text } };
        Assert.Equal(TableOutcome.Done, (await _bench.LoadAsync(text, Evolve, ["""{"id":2,"f":"2026-01-01"}"""])).Outcome);
        Assert.Equal([["1", "1"], ["2", "2026-01-01"]], _bench.Query("SELECT id, f FROM crm.things ORDER BY id"));
    }

    [Fact]
    public async Task Extra_fields_stay_where_they_are_and_new_columns_do_not_lose_them()
    {
        await _bench.LoadAsync(LoadBench.Job(Things), SchemaContract.Json, ["""{"id":1,"x":1.50}""", """{"id":2}"""]);
        var report = await _bench.LoadAsync(LoadBench.Job(Things), Evolve, ["""{"id":2,"x":2}"""]);
        Assert.Equal([["1", """{"x":1.50}""", null], ["2", null, "2"]], _bench.Query("SELECT id, _extra::VARCHAR, x FROM crm.things ORDER BY id"));
        Assert.Equal(["x"], report.SchemaChanges.Select(change => change.Column));
        var json = await _bench.LoadAsync(LoadBench.Job(Things), SchemaContract.Json, ["""{"id":1,"x":3,"y":true}"""]);
        Assert.Equal([["1", """{"y":true}""", "3"], ["2", null, "2"]], _bench.Query("SELECT id, _extra::VARCHAR, x FROM crm.things ORDER BY id"));
        Assert.Empty(json.SchemaChanges);
    }

    private string Types() =>
        string.Join(
            ", ",
            _bench
                .Query(
                    "SELECT data_type FROM duckdb_columns() WHERE schema_name = 'crm' AND table_name = 'things' AND NOT " +
                        "starts_with(column_name, '_sluice_') ORDER BY column_index"
                )
                .Select(row => row[0]));

    private List<string?[]> Mapping() =>
        _bench.Query("SELECT field, column_name FROM crm._sluice_columns WHERE table_name = 'things' ORDER BY field");
}
