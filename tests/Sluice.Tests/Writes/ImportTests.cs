using Sluice.Engine;
using Sluice.Tests.DuckDb;
using Sluice.Writes.Import;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>What a file becomes in Customer.io.</summary>
public sealed class ImportTests : IAsyncLifetime
{
    private ImportBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await ImportBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Two_thousand_people_come_back_as_they_stand_in_the_file()
    {
        await ImportRoundTrip.AssertAsync(_bench, 2000);
    }

    [Fact]
    public async Task Rows_that_Customer_io_would_refuse_are_named_by_line_and_column_and_the_rest_goes_on()
    {
        _bench.Write(
            "people.csv",
            "id,email,note,joined_at\n1,a@example.com,\"x\ny\",5\n2,bad,,5\n,c@example.com,,5\n4,d@example.com\n5,e@example.com,"
                + new string('é', 600) + ",5\n6,f@example.com,,1700000000000\n");
        var report = await _bench.RunAsync(_bench.Settings("people.csv", "people"));
        Assert.Equal((6L, 2L, 4L, 7), (report.Rows, report.Taken, report.Rejected, report.ExitCode));
        var lines = await File.ReadAllLinesAsync(_bench.RejectsPath, TestContext.Current.CancellationToken);
        Assert.Equal("file,line,column,reason", lines[0]);
        Assert.Contains("people.csv,4,email,is no e-mail address: 'bad'", lines);
        Assert.Contains("people.csv,5,id,\"has no value, so that nobody is named\"", lines);
        Assert.Contains(lines, line => line.StartsWith("people.csv,6,,The line can't be read", StringComparison.Ordinal));
        Assert.Contains("people.csv,7,note,is longer than 1000 bytes", lines);
        Assert.Equal(["joined_at looks like milliseconds in 1 row (line 8): Customer.io takes seconds."], report.Warnings);
        Assert.Equal("x\ny", _bench.Person("1")!["note"]);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_bench.RejectsPath));
            var journal = Assert.Single(Directory.GetFiles(Path.Combine(_bench.Folder, "work", "writes")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(journal));
        }
    }

    [Fact]
    public async Task Of_two_rows_of_one_identifier_the_last_wins_and_what_only_the_first_has_stays()
    {
        _bench.Write("people.csv", "id,a,b\n1,first,only\n2,x,y\n1,last,\n");
        var report = await _bench.RunAsync(_bench.Settings("people.csv", "people"));
        Assert.Equal((2L, 1L), (report.Taken, report.Merged));
        Assert.Equal(("last", "only"), (_bench.Person("1")!["a"], _bench.Person("1")!["b"]));
    }

    [Fact]
    public async Task Of_two_rows_of_one_relationship_the_last_wins_too()
    {
        _bench.Write("people.csv", "id\n1\n");
        await _bench.RunAsync(_bench.Settings("people.csv", "people"));
        _bench.Write("r.csv", "id,object_type_id,object_id,role,since\n1,1,acme,first,2020\n1,1,other,x,\n1,1,acme,last,\n");
        var report = await _bench.RunAsync(_bench.Settings("r.csv", "relationships") with { Verify = VerifyMode.All });
        Assert.Equal((2L, 1L, 0), (report.Taken, report.Merged, report.ExitCode));
        Assert.Equal((2L, 0), (report.Verification!.Rows, report.Verification.Different));
    }

    [Fact]
    public async Task Empty_values_leave_attributes_alone_or_take_them_away_when_said()
    {
        _bench.Write("a.csv", "id,a,b\n1,x,y\n");
        _bench.Write("b.csv", "id,a,b\n1,,z\n");
        await _bench.RunAsync(_bench.Settings("a.csv", "people"));
        await _bench.RunAsync(_bench.Settings("b.csv", "people"));
        Assert.Equal("x", _bench.Person("1")!["a"]);
        var report = await _bench.RunAsync(_bench.Settings("b.csv", "people") with { ClearsNulls = true });
        Assert.False(_bench.Person("1")!.ContainsKey("a"));
        Assert.Contains("a has no value in 1 row (line 2): ", Assert.Single(report.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p.jsonl", "{\"id\":\"1\",\"a\":\"007\",\"n\":1.5,\"l\":[1,{\"x\":null}]}\n{\"id\":2,\"a\":null}\n")]
    [InlineData("p.json", "[{\"id\":\"1\",\"a\":\"007\",\"n\":1.5,\"l\":[1,{\"x\":null}]},\n{\"id\":2,\"a\":null}]")]
    [InlineData("p.tsv", "id\ta\tn\tl\n1\t007\t1.5\t\n2\t\t\t\n")]
    [InlineData("p.csv", "\ufeffid;a;n\r\n1;007;1.5\r\n2;;\r\n")]
    public async Task Every_form_of_file_gives_the_same_people(string name, string text)
    {
        _bench.Write(name, text);
        Assert.Equal(2, (await _bench.RunAsync(_bench.Settings(name, "people"))).Taken);
        Assert.Equal(("007", "1.5"), (_bench.Person("1")!["a"], _bench.Person("1")!["n"]));
        Assert.NotNull(_bench.Person("2"));
    }

    [Fact]
    public async Task Parquet_compressed_files_and_patterns_are_read_too()
    {
        using var scratch = new TemporaryFolder();
        await using (var connection = await Engine.DuckDb.DuckDbSettings.OpenAsync(scratch.File("x.duckdb"), TestContext.Current.CancellationToken))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"""
                COPY (SELECT 'q' || i AS id, i AS n, TIMESTAMP '2024-05-01 00:00:00' AS seen FROM range(3) t(i)) TO '{_bench.Folder}/p.parquet';
                COPY (SELECT 'g' || i AS id FROM range(2) t(i)) TO '{_bench.Folder}/g1.csv.gz' (HEADER);
                COPY (SELECT 'h' || i AS id FROM range(2) t(i)) TO '{_bench.Folder}/g2.csv.gz' (HEADER)
                """;
            command.ExecuteNonQuery();
        }

        Assert.Equal(3, (await _bench.RunAsync(_bench.Settings("p.parquet", "people"))).Taken);
        Assert.Equal(("2", "1714521600"), (_bench.Person("q2")!["n"], _bench.Person("q2")!["seen"]));
        Assert.Equal(4, (await _bench.RunAsync(_bench.Settings("g*.csv.gz", "people"))).Taken);
        Assert.NotNull(_bench.Person("h1"));
    }

    [Fact]
    public async Task Standard_input_is_an_import_like_a_file_and_leaves_no_copy()
    {
        var settings = _bench.Settings("-", "people") with { Input = () => new MemoryStream("id,a\n1,x\n"u8.ToArray()) };
        Assert.Equal(1, (await _bench.RunAsync(settings)).Taken);
        Assert.True((await _bench.RunAsync(settings)).WasComplete);
        Assert.Single(Directory.GetFiles(Path.Combine(_bench.Folder, "work", "writes")));
    }

    [Theory]
    [InlineData("a.csv", "", "a.csv is empty.")]
    [InlineData("a.csv", "name,age\nAnn,5\n", "No column is called id, email or cio_id")]
    [InlineData("a.xlsx", "PK\u0003\u0004abc", "a.xlsx is a workbook or an archive.")]
    [InlineData("a.csv", "id,a,b\n1,2,3\n", "There is no column 'c'.")]
    public async Task A_file_that_can_t_be_imported_is_refused_before_anything_is_sent(string name, string text, string problem)
    {
        _bench.Write(name, text);
        var settings = _bench.Settings(name, "people") with { Maps = problem.Contains("'c'", StringComparison.Ordinal) ? ["c=x"] : [] };
        var error = await Assert.ThrowsAsync<SluiceException>(() => _bench.RunAsync(settings));
        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_objects_relationships_segments_deletes_and_suppressions_are_targets()
    {
        _bench.Write("people.csv", "id\n1\n2\n3\n4\n");
        await _bench.RunAsync(_bench.Settings("people.csv", "people"));
        _bench.Write("events.csv", "id,time,n,price\n1,2026-03-01T10:00:00Z,0,5\n2,1700000000000,1,6\n");
        var events = await _bench.RunAsync(_bench.Settings("events.csv", "events") with { Constants = ["name=purchase"] });
        Assert.Equal((1L, 1L), (events.Taken, events.Rejected));
        Assert.Equal(1, (await _bench.EventsAsync())["0"]);

        _bench.Write("objects.csv", "object_type_id,object_id,name\n1,acme,Acme\n99,nowhere,No\n1,beta,Beta\n");
        var objects = await _bench.RunAsync(_bench.Settings("objects.csv", "objects"));
        Assert.Equal((2L, 1L), (objects.Taken, objects.Rejected));
        var refused = Assert.Single(objects.FirstRejected);
        Assert.Equal((3L, "identifiers.object_type_id"), (refused.Line, refused.Column));

        _bench.Write("relations.csv", "id,object_id,role\n1,acme,owner\n2,acme,user\n");
        var relations = await _bench.RunAsync(_bench.Settings("relations.csv", "relationships") with { Constants = ["@object_type_id=1"] });
        Assert.Equal(2, relations.Taken);

        var segment = (await _bench.Simulator.GetAsync("/v1/segments")).GetProperty("segments").EnumerateArray()
            .First(one => one.GetProperty("type").GetString() == "manual").GetProperty("name").GetString();
        Assert.Equal(4, (await _bench.RunAsync(_bench.Settings("people.csv", $"segment:{segment}"))).Taken);
        _bench.Write("gone.csv", "id\n3\n");
        await _bench.RunAsync(_bench.Settings("gone.csv", "deletes"));
        _bench.Write("blocked.csv", "id\n4\n");
        await _bench.RunAsync(_bench.Settings("blocked.csv", "suppressions"));
        Assert.Null(_bench.Person("3"));
        Assert.True(_bench.Simulator.World.People.IsSuppressed("4"));
    }

    [Fact]
    public async Task A_dry_run_sends_nothing_and_shows_calls_counts_and_minutes()
    {
        _bench.Write("people.csv", "id,a\n1,x\n2,y\n");
        using var client = _bench.Client(new SpoiltWrites(_ => throw new InvalidOperationException("Something was sent.")));
        await using var run = await ImportRun.PrepareAsync(
            _bench.Settings("people.csv", "people"), client, TimeProvider.System, TestContext.Current.CancellationToken);
        var plan = await run.PlanAsync(TestContext.Current.CancellationToken);
        Assert.Equal((2L, 1, "POST /api/v2/batch"), (plan.Sent, plan.Requests, plan.Call));
        Assert.Equal("""{"type":"person","action":"identify","identifiers":{"id":"1"},"attributes":{"a":"x"}}""", plan.Samples[0]);
    }
}
