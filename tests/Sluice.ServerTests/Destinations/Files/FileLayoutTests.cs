using System.Globalization;
using System.Text.Json;
using System.Text;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations.Files;

/// <summary>What stands in the folders, as a reader sees it who knows nothing of Sluice.</summary>
public sealed class FileLayoutTests
{
    private static readonly string[] Odd =
    [
        """{"id":1,"name":"a,\"b\"\nc","at":1700000000,"data":{"n":1.10,"big":123456789012345678901234567890}}""",
        """{"id":2,"name":"","data":[]}""",
        """{"id":3,"name":"=1+1"}""",
    ];

    private static readonly Resource WithData = Table(Is("name", ColumnType.Text), Is("at", ColumnType.UnixTime), Is("data", ColumnType.Json));

    [Fact]
    public async Task Csv_is_RFC_4180_and_tells_null_from_an_empty_text()
    {
        await using var bench = new FolderBench("csv", "?formula_guard=false");
        await bench.LoadAsync(Job(WithData, Strategy.Replace), Odd);
        var lines = bench.Text().Replace(Began.Year.ToString(CultureInfo.InvariantCulture), "2026", StringComparison.Ordinal).Split('\n');
        Assert.Equal("id,name,at,data,_sluice_loaded_at,_sluice_run_id", lines[0]);
        Assert.Equal("1,\"a,\"\"b\"\"", lines[1]);
        Assert.StartsWith(
            "c\",2023-11-14T22:13:20.000000Z,\"{\"\"n\"\":1.10,\"\"big\"\":123456789012345678901234567890}\",", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("2,\"\",,[],", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("3,=1+1,,,", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_guard_makes_text_of_formulas_and_gives_back_what_was_there()
    {
        await using var bench = new FolderBench("csv");
        await bench.LoadAsync(Job(WithData, Strategy.Merge), [.. Odd, """{"id":-4,"name":"'=x","=cmd()":"y"}"""]);
        var text = bench.Text();
        Assert.Contains("\n3,'=1+1,", text, StringComparison.Ordinal);
        Assert.Contains("\n-4,''=x,", text, StringComparison.Ordinal);
        Assert.Contains(",'=cmd(),", text.Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal(["-4|'=x", "1|a,\"b\"\nc", "2|", "3|=1+1"], await bench.Desk.LinesAsync("id", "name"));
        Assert.Equal(0, (await bench.LoadAsync(Job(WithData, Strategy.Merge), Odd)).Rows);
    }

    [Theory]
    [InlineData("csv", "NULL")]
    [InlineData("jsonl", "a\0b")]
    [InlineData("parquet", "a\0b")]
    [InlineData("duckdb", "a\0b")]
    [InlineData("sqlite", "a\0b")]
    [Trait("length", "long")]
    public async Task Of_1400_texts_the_one_that_cannot_be_held_is_found_and_a_second_run_changes_nothing(string scheme, string last)
    {
        await using var place = new FilePlace(scheme, "out");
        var desk = new LoadHarness(place);
        var fields = Enumerable.Range(0, 1400).Select(field => $"\"f{field}\":\"{(field == 1399 ? "a\\u0000b" : "x")}\"");
        string[] records = [$"{{\"id\":1,{string.Join(',', fields)}}}"];

        var report = await desk.LoadAsync(Job(WithData, Strategy.Merge), LoadScenario.Plain, records);
        var again = await desk.LoadAsync(Job(WithData, Strategy.Merge), LoadScenario.Plain, records);

        Assert.Equal((1, last == "NULL" ? 1 : 0), (report.Rows, report.Rejected));
        Assert.Equal((0, 1), (again.Rows, again.Unchanged));
        Assert.Equal([$"1|x|{last}"], await desk.LinesAsync("id", "f1398", "f1399"));
    }

    [Theory]
    [InlineData("+1", true)]
    [InlineData("-1", true)]
    [InlineData("@x", true)]
    [InlineData("=", true)]
    [InlineData("\tx", true)]
    [InlineData("''@x", true)]
    [InlineData("'", false)]
    [InlineData("'9", false)]
    [InlineData("0=1", false)]
    [InlineData("9-1", false)]
    [InlineData(":=1", false)]
    [InlineData("A=1", false)]
    [InlineData("!+1", false)]
    [InlineData("(=1)", false)]
    public async Task The_guard_goes_by_the_first_sign_behind_apostrophes(string name, bool isGuarded)
    {
        await using var bench = new FolderBench("csv");
        await bench.LoadAsync(Job(WithData, Strategy.Merge), [$$"""{"id":1,"name":{{JsonSerializer.Serialize(name)}}}"""]);

        Assert.Contains($"\n1,{(isGuarded ? "'" : "")}{name},", bench.Text(), StringComparison.Ordinal);
        Assert.Equal([$"1|{name}"], await bench.Desk.LinesAsync("id", "name"));
    }

    [Theory]
    [InlineData("?file_rows=2", 0)]
    [InlineData("?file_rows=2&bom=false", 0)]
    [InlineData("?file_rows=2&bom=true", 1)]
    [InlineData("?file_rows=2&bom=true&formula_guard=false", 1)]
    public async Task A_byte_order_mark_stands_once_at_the_start_of_each_file_and_no_reader_takes_it_for_data(string options, int marks)
    {
        await using var bench = new FolderBench("csv", options);
        string[] records = [.. Odd, """{"id":4,"name":"d","a,\"b\"":"e"}"""];
        await bench.LoadAsync(Job(WithData, Strategy.Merge), records);
        var files = bench.Files().Select(file => File.ReadAllBytes(Path.Combine(bench.Table, file))).ToList();
        Assert.Equal(2, files.Count);
        Assert.All(files, file => Assert.Equal(marks, file.AsSpan().Count(Encoding.UTF8.Preamble)));
        Assert.All(files, file => Assert.Equal(marks == 1, file.AsSpan().StartsWith(Encoding.UTF8.Preamble)));
        var rows = FolderBench.Query($"SELECT id, \"a,\"\"b\"\"\" FROM read_csv('{bench.Table}/*.csv', union_by_name = true) ORDER BY id");
        Assert.Equal(["1|", "2|", "3|", "4|e"], rows.Select(row => FolderBench.Line(row)));
        Assert.Equal(["1|a,\"b\"\nc", "2|", "3|=1+1", "4|d"], await bench.Desk.LinesAsync("id", "name"));
        Assert.Equal(0, (await bench.LoadAsync(Job(WithData, Strategy.Merge), records)).Rows);
    }

    [Theory]
    [InlineData("csv", "")]
    [InlineData("csv.gz", "&compression=gzip")]
    [InlineData("csv.zst", "&compression=zstd")]
    public async Task Compressed_files_and_one_without_rows_have_the_byte_order_mark_before_their_header(string ending, string compression)
    {
        await using var bench = new FolderBench("csv", $"?bom=true{compression}");
        await bench.Desk.LoadAsync(Job(WithData, Strategy.Replace), LoadScenario.Plain);
        var lines = FolderBench.Query(
            $"SELECT line FROM read_csv('{bench.Table}/*.{ending}', header = false, columns = {{'line': 'VARCHAR'}}, delim = '|', quote = '', " +
                $"auto_detect = false)"
        );
        Assert.Equal("id,name,at,data,_sluice_loaded_at,_sluice_run_id", FolderBench.Line(Assert.Single(lines)).TrimStart('\uFEFF'));
        await bench.LoadAsync(Job(WithData, Strategy.Merge), Odd);
        Assert.Equal(["1", "2", "3"], await bench.Desk.LinesAsync("id"));
    }

    [Fact]
    public async Task Lines_of_json_have_all_columns_with_nested_json_and_every_digit_also_after_a_merge()
    {
        await using var bench = new FolderBench("jsonl");
        await bench.LoadAsync(Job(WithData, Strategy.Merge), Odd);
        await bench.LoadAsync(Job(WithData, Strategy.Merge), ["""{"id":2,"name":"x","data":[]}"""]);
        var lines = bench.Text().Split('\n');
        Assert.StartsWith(
            """{"id":1,"name":"a,\"b\"\nc","at":"2023-11-14T22:13:20.000000Z","data":{"n":1.10,"big":123456789012345678901234567890},"_sluice_loaded_at":"20""",
            lines.Single(line => line.Contains("\"id\":1,", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.StartsWith(
            """{"id":2,"name":"x","at":null,"data":[],""",
            lines.Single(line => line.Contains("\"id\":2,", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.Equal(0, (await bench.LoadAsync(Job(WithData, Strategy.Merge), Odd[0])).Rows);
    }

    [Fact]
    public async Task Parquet_has_true_types_zstd_and_row_groups()
    {
        await using var bench = new FolderBench("parquet", "?row_group_rows=2048");
        await bench.LoadAsync(
            Job(WithData, Strategy.Replace),
            [
                .. Enumerable
                    .Range(0, 5000)
                    .Select(id => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{id},\"at\":{id},\"d\":{id}.5,\"b\":true,\"data\":{{}}}}")),
            ]);
        var glob = Path.Combine(bench.Table, "*.parquet");
        Assert.Equal(
            ["at|TIMESTAMP WITH TIME ZONE", "b|BOOLEAN", "d|DOUBLE", "data|VARCHAR", "id|BIGINT", "name|VARCHAR"],
            FolderBench
                .Query(
                    $"SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet('{glob}')) WHERE NOT starts_with(column_name, '_') ORDER BY 1")
                .Select(row => FolderBench.Line(row)));
        Assert.Equal(
            "ZSTD|3",
            FolderBench.Line(FolderBench.Query($"SELECT any_value(compression), count(DISTINCT row_group_id) FROM parquet_metadata('{glob}')")[0]));
    }

    [Fact]
    public async Task Folders_by_time_come_back_as_columns_and_rows_without_a_time_have_their_own()
    {
        await using var bench = new FolderBench("parquet", "?partition_by=at:month");
        await bench.LoadAsync(
            Strategy.Merge,
            """{"id":1,"at":1704067199}""",
            """{"id":2,"at":1704067200}""",
            """{"id":3}""",
            """{"id":4,"at":1706745599}""");
        Assert.Equal(
            ["at_month=2023-12", "at_month=2024-01", "at_month=__HIVE_DEFAULT_PARTITION__"],
            bench.Files().Select(file => Path.GetDirectoryName(file)!));
        var rows = FolderBench.Query(
            $"SELECT id, at_month FROM read_parquet('{bench.Table}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false) ORDER BY id"
        );
        Assert.Equal(["1|2023-12", "2|2024-01", "3|", "4|2024-01"], rows.Select(row => FolderBench.Line(row)));
        var before = bench.Files();
        await bench.LoadAsync(Strategy.Merge, """{"id":2,"name":"b","at":1704067200}""");
        Assert.Equal(2, bench.Files().Intersect(before).Count());
    }

    [Fact]
    public async Task A_field_that_is_called_like_a_folder_gets_another_name()
    {
        await using var bench = new FolderBench("parquet", "?partition_by=at");
        await bench.LoadAsync(Strategy.Merge, """{"id":1,"at":1704067199,"at_date":"mine"}""");
        Assert.Equal(
            "mine|2023-12-31",
            FolderBench.Line(
                FolderBench.Query($"SELECT at_date_2, at_date::VARCHAR FROM read_parquet('{bench.Table}/**/*.parquet', hive_partitioning = true)")[0])
        );
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("parquet")]
    public async Task A_merge_makes_anew_only_the_files_that_it_changes(string scheme)
    {
        await using var bench = new FolderBench(scheme, "?file_rows=10");
        string[] records = [.. Enumerable.Range(0, 45).Select(id => $"{{\"id\":{id},\"name\":\"n{id}\"}}")];
        await bench.LoadAsync(Strategy.Merge, records);
        var first = bench.Files();
        Assert.Equal(5, first.Count);
        await bench.LoadAsync(Strategy.Merge, records);
        Assert.Equal(first, bench.Files());
        var report = await bench.LoadAsync(Strategy.Merge, """{"id":12,"name":"changed"}""", """{"id":100,"name":"new"}""");
        Assert.Equal((2, 46), (report.Rows, report.TableRows));
        Assert.Equal(4, bench.Files().Intersect(first).Count());
        await bench.LoadAsync(Strategy.Append, """{"id":200,"name":"added"}""");
        Assert.Equal(4, bench.Files().Intersect(first).Count());
        Assert.Equal(
            [.. Enumerable.Range(0, 45).Select(id => id == 12 ? "12|changed" : $"{id}|n{id}"), "100|new", "200|added"],
            await bench.Desk.LinesAsync("id", "name"));
    }

    [Fact]
    public async Task Options_that_change_make_all_files_anew_at_the_next_load()
    {
        await using var bench = new FolderBench("csv");
        await bench.LoadAsync(Strategy.Merge, """{"id":1,"name":"a","at":1}""", """{"id":2,"name":"b","at":1700000000}""");
        var report = await bench.Desk.TryLoadAsync(
            $"csv:///{bench.Root}?compression=gzip&partition_by=at:year",
            Job(FolderBench.Things, Strategy.Merge),
            LoadScenario.Plain,
            ["""{"id":3,"name":"c"}"""]);
        Assert.Equal(3, report.TableRows);
        Assert.Equal(3, bench.Files().Count);
        Assert.All(bench.Files(), file => Assert.Matches("^at_year=.*[.]csv[.]gz$", file));
        Assert.Equal(["1|a", "2|b", "3|c"], await bench.Desk.LinesAsync("id", "name"));
    }

    [Fact]
    public async Task A_folder_of_another_format_is_left_alone_until_everything_is_to_be_made_anew()
    {
        await using var bench = new FolderBench("csv");
        await bench.LoadAsync(Strategy.Merge, """{"id":1,"name":"a"}""");
        var report = await bench.Desk.TryLoadAsync(
            $"parquet:///{bench.Root}",
            Job(FolderBench.Things, Strategy.Replace),
            LoadScenario.Plain,
            ["""{"id":2}"""]);
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Destination), (report.Outcome, report.ErrorKind));
        Assert.Contains("csv files, and now parquet", report.Error, StringComparison.Ordinal);
        Assert.Equal(["1|a"], await bench.Desk.LinesAsync("id", "name"));
        var anew = await bench.Desk.TryLoadAsync(
            $"parquet:///{bench.Root}",
            Job(FolderBench.Things, Strategy.Replace),
            LoadScenario.Plain with
            {
                FullRefresh = true,
            },
            ["""{"id":2}"""]);
        Assert.Equal((TableOutcome.Done, 1L), (anew.Outcome, anew.TableRows));
        Assert.All(bench.Files(), file => Assert.EndsWith(".parquet", file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rejects_stand_where_no_pattern_for_data_finds_them()
    {
        await using var bench = new FolderBench("jsonl");
        await bench.LoadAsync(Job(Table(Is("n", ColumnType.Bigint)), Strategy.Merge), """{"id":1,"n":"many"}""");
        await bench.LoadAsync(Job(Table(Is("n", ColumnType.Bigint)), Strategy.Merge), """{"id":2,"n":"more"}""");
        Assert.Equal(2, (await bench.Desk.ReadAsync("_sluice_rejects", "raw_value"))!.Count);
        Assert.Equal(2L, FolderBench.Query($"SELECT count(*) FROM read_json('{bench.Table}/**/*.jsonl')")[0][0]);
        Assert.Equal(2L, FolderBench.Query($"SELECT count(*) FROM read_json('{bench.Root}/*/*/*.jsonl')")[0][0]);
    }
}
