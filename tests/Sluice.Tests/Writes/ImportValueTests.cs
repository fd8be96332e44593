using Sluice.Engine;
using Sluice.Tests.Cli;
using Sluice.Writes.Import;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>Types and formats of values, and what is refused of them.</summary>
public sealed class ImportValueTests : IAsyncLifetime
{
    private ImportBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await ImportBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Times_are_read_by_their_format_and_others_are_rejected()
    {
        _bench.Write("a.csv", "id,seen\n1,31/12/2024 23:59\n2,2024-12-31\n3,1700000000\n4,\n");
        var settings = _bench.Settings("a.csv", "people") with { Types = ["seen=timestamp"], TimeFormat = "%d/%m/%Y %H:%M" };
        var report = await _bench.RunAsync(settings);
        Assert.Equal((2L, 2L), (report.Taken, report.Rejected));
        Assert.Equal("1735689540", _bench.Person("1")!["seen"]);
        Assert.Equal("is no time: '2024-12-31' (%d/%m/%Y %H:%M)", report.FirstRejected[0].Reason);
    }

    [Theory]
    [InlineData(
        "a.csv", "id,seen,ean,shop_id\n1,1732924800000,4006381333931,1732924800000\n2,1732924800,1,2\n3,1732924800000,2,3\n",
        "2 rows (the first: line 2)")]
    [InlineData("a.jsonl", "{\"id\":1,\"seen\":1732924800000,\"text\":\"1732924800000\"}\n", "1 row (line 1)")]
    public async Task Numbers_of_columns_without_a_type_that_are_milliseconds_are_warned_of(string name, string text, string rows)
    {
        _bench.Write(name, text);
        var report = await _bench.RunAsync(_bench.Settings(name, "people"));
        Assert.Equal([$"seen looks like milliseconds in {rows}: Customer.io takes seconds."], report.Warnings);
    }

    [Fact]
    public async Task A_line_that_is_no_JSON_is_named_with_the_place_in_it_and_lines_are_counted_as_an_editor_does()
    {
        const string First = "{\"id\":\"1\"}\n{\"id\":\"é\", a:1}\n\n  \n{\"id\":\"2\",\"email\":\"bad\"}\n";
        _bench.Write("a.jsonl", First + "[1]\n5\nnonsense\n{\"id\":\"3\"} {}\n{\"id\":\"4\"}\n{\"id\":\"5\"");
        var report = await _bench.RunAsync(_bench.Settings("a.jsonl", "people"));
        Assert.Equal((9L, 2L, 7L), (report.Rows, report.Taken, report.Rejected));
        var lines = await File.ReadAllLinesAsync(_bench.RejectsPath, TestContext.Current.CancellationToken);
        Assert.StartsWith("a.jsonl,2,,\"The line is no JSON: column 12: 'a' is an invalid start", lines[1], StringComparison.Ordinal);
        Assert.Equal("a.jsonl,5,email,is no e-mail address: 'bad'", lines[2]);
        Assert.Equal("a.jsonl,6,,\"The row is no JSON object but an array, so that it has no columns\"", lines[3]);
        Assert.StartsWith("a.jsonl,7,,\"The row is no JSON object but a number", lines[4], StringComparison.Ordinal);
        Assert.StartsWith("a.jsonl,8,,The line is no JSON: column 2: ", lines[5], StringComparison.Ordinal);
        Assert.StartsWith("a.jsonl,9,,The line is no JSON: column 12: ", lines[6], StringComparison.Ordinal);
        Assert.StartsWith("a.jsonl,11,,The line is no JSON: column 10: ", lines[7], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\":1}")]
    [InlineData("[1]")]
    public async Task An_identifier_of_JSON_that_is_no_text_and_no_number_names_nobody(string id)
    {
        _bench.Write("a.jsonl", $"{{\"id\":{id}}}\n{{\"id\":7}}\n{{\"id\":\"[1]\"}}\n");
        var report = await _bench.RunAsync(_bench.Settings("a.jsonl", "people"));
        Assert.Equal((2L, 1L), (report.Taken, report.Rejected));
        Assert.Equal($"is no text and no number: '{id}'", report.FirstRejected[0].Reason);
    }

    [Theory]
    [InlineData("a.jsonl", "{\"id\":\"5\"\n", "none of its lines is a JSON object")]
    [InlineData("a.json", "[1, 2]", "none of its rows is a JSON object")]
    public async Task A_file_without_any_object_is_told_before_anything_is_sent(string name, string text, string problem)
    {
        _bench.Write(name, text);
        var error = await Assert.ThrowsAsync<SluiceException>(() => _bench.RunAsync(_bench.Settings(name, "people")));
        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_of_a_collection_that_is_no_object_is_not_sent_as_an_empty_one()
    {
        _bench.Write("rows.jsonl", "{\"a\":1}\n[1]\n");
        var report = await _bench.RunAsync(_bench.Settings("rows.jsonl", "collection:odd"));
        Assert.Equal((1L, 1L), (report.Taken, report.Rejected));
        Assert.StartsWith("The row is no JSON object", report.FirstRejected[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%Y%m%d", "20260310", 1773100800)]
    [InlineData("%m/%d/%y %I:%M %p", "03/10/26 02:30 PM", 1773153000)]
    [InlineData("%Y-%m-%dT%H:%M:%S.%f%z", "2026-03-10T02:00:00.123+02:00", 1773100800)]
    [InlineData("%Y-%m-%dT%H:%M:%S%z", "2026-03-10T00:00:00Z", 1773100800)]
    [InlineData("%e %b %Y", "10 Mar 2026", 1773100800)]
    public async Task The_timestamp_of_events_has_a_format_too(string format, string text, long seconds)
    {
        _bench.Write("e.csv", $"id,time,n\n1,\"{text}\",0\n");
        var report = await _bench.RunAsync(
            _bench.Settings("e.csv", "events") with { Constants = ["name=bought"], TimeFormat = format });
        Assert.Equal((1L, 0L), (report.Taken, report.Rejected));
        var events = await _bench.Simulator.WalkAsync("/v1/activities?type=event&limit=100", "activities");
        Assert.Contains(events, one => one.GetProperty("name").GetString() == "bought" && one.GetProperty("timestamp").GetInt64() == seconds);
    }

    [Theory]
    [InlineData("%d/%m/%Q", "it has a letter after % that is not known")]
    [InlineData("dd/MM/yyyy", "--time-format can't be 'dd/MM/yyyy'.")]
    [InlineData("%d/%m/%Y", "--time-format: No column holds times.")]
    public async Task A_format_that_can_t_be_used_is_told_before_anything_is_sent(string format, string problem)
    {
        _bench.Write("a.csv", "id,seen\n1,x\n");
        var error = await Assert.ThrowsAsync<SluiceException>(
            () => _bench.RunAsync(_bench.Settings("a.csv", "people") with { TimeFormat = format }));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_of_CSV_and_members_of_JSON_become_the_type_that_is_said()
    {
        _bench.Write("a.csv", "id,tags,n,flag\n1,\"[\"\"a\"\",1]\",5,true\n2,[a,5,true\n");
        var report = await _bench.RunAsync(_bench.Settings("a.csv", "people") with { Types = ["tags=json", "n=text", "flag=boolean"] });
        Assert.Equal((1L, 1L), (report.Taken, report.Rejected));
        Assert.Equal("""["a",1]""", _bench.Person("1")!["tags"]);
        Assert.Equal("is no JSON: '[a'", report.FirstRejected[0].Reason);

        _bench.Write("b.jsonl", "{\"id\":\"3\",\"seen\":\"2024-05-01\",\"n\":5}\n");
        await _bench.RunAsync(_bench.Settings("b.jsonl", "people") with { Types = ["seen=time", "n=text"] });
        Assert.Equal(("1714521600", "5"), (_bench.Person("3")!["seen"], _bench.Person("3")!["n"]));
    }

    [Fact]
    public async Task Two_people_of_one_address_in_a_file_are_told_by_line_and_column()
    {
        _bench.Write("a.csv", "id,mail\n1,a@example.com\n2,b@example.com\n3,A@Example.com\n1,a@example.com\n4,\n5,\n");
        var report = await _bench.RunAsync(_bench.Settings("a.csv", "people") with { Maps = ["mail=email"] });
        Assert.Equal((4L, 1L), (report.Taken, report.Rejected));
        var (line, column, reason) = Assert.Single(report.FirstRejected);
        Assert.Equal((4L, "mail"), (line, column));
        Assert.Equal("belongs to another person by line 2, and no two people can have the same: 'A@Example.com'", reason);
        Assert.Null(_bench.Person("3"));
    }

    [Theory]
    [InlineData("{\"id\":\"1\",\"n\":NaN}\n")]
    [InlineData("{\"id\":\"1\",\"n\":-Infinity}\n")]
    [InlineData("{\"id\":\"1\",\"n\":[1,NaN]}\n")]
    public async Task What_is_no_number_is_rejected_and_does_not_spoil_the_request_of_others(string bad)
    {
        _bench.Write("a.jsonl", bad + "{\"id\":\"2\",\"n\":1}\n");
        var report = await _bench.RunAsync(_bench.Settings("a.jsonl", "people"));
        Assert.Equal((1L, 1L), (report.Taken, report.Rejected));
        Assert.Equal((1L, "n"), (report.FirstRejected[0].Line, report.FirstRejected[0].Column));
    }

    [Fact]
    public async Task A_number_that_json_does_not_know_makes_no_text_of_a_column_of_numbers()
    {
        _bench.Write("a.csv", "id,n,name\n1,1,Ann\n2,NaN,Nan\n3,-inf,Bob\n4,2.5,Nan\n");
        var report = await _bench.RunAsync(_bench.Settings("a.csv", "people"));
        Assert.Equal((2L, 2L), (report.Taken, report.Rejected));
        Assert.Equal(new RejectedRow(3, "n", "is NaN, which JSON can't hold"), report.FirstRejected[0]);
        Assert.Equal("2.5", _bench.Person("4")!["n"]);
        Assert.Equal("Nan", _bench.Person("4")!["name"]);
    }

    [Fact]
    public async Task A_dry_run_tells_how_many_attributes_would_be_taken_away()
    {
        _bench.Write("a.csv", "id,a,b\n1,,x\n2,,\n");
        var run = await new ToolHarness(_bench.Environment()) { Folder = _bench.Folder }.RunAsync(
            "import", "a.csv", "--into", "people", "--nulls", "clear", "--dry-run");
        Assert.Contains("Note: a has no value in 2 rows (the first: line 2): the attribute is taken away there.", run.Out, StringComparison.Ordinal);
        Assert.Contains("Note: b has no value in 1 row (line 3): the attribute is taken away there.", run.Out, StringComparison.Ordinal);
    }
}
