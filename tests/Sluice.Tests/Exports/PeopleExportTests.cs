using System.Text.Json;
using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Exports;

public sealed class PeopleExportTests
{
    [Theory]
    [InlineData("csv", false, false, false)]
    [InlineData("gzip", true, false, true)]
    [InlineData("zip", true, true, false)]
    [InlineData("csv", true, true, true)]
    public async Task Everybody_comes_in_whatever_form_the_file_has(string form, bool bom, bool titles, bool iso)
    {
        await using var bench = await ExportBench.StartAsync(options =>
            options with
            {
                ExportFormat = form,
                ExportBom = bom,
                ExportTitles = titles,
                ExportIsoTimes = iso,
            });
        var report = await bench.IngestAsync("customers_export");
        ExportBench.AssertDone(report);
        Assert.Equal(bench.People(), bench.Rows("cio_id, id, email", "customers_export"));
        Assert.Equal(40, report.Tables[0].Expected);
        Assert.Equal("the totals of its exports", report.Tables[0].ExpectedBy);
        Assert.Equal(1, bench.Posts);
        var created = bench.World.Rows("customer_attributes").Select(row => Attribute(row, "created_at")).Order(StringComparer.Ordinal);
        Assert.Equal(created, bench.Rows("created_at", "customers_export").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Attributes_become_columns_of_text_and_names_that_differ_by_case_stay_apart()
    {
        await using var bench = await ExportBench.StartAsync();
        string[] names =
        [
            "Name",
            "name",
            "NAME",
            "code",
            "zip",
            "account",
            "essay",
            "nested",
            "new\nline",
            "drop table \"x\"; --",
            "prénom",
            "score",
        ];
        ExportBench.AssertDone(await bench.IngestAsync("customers_export", [.. names.Select(name => $"attributes={name}")]));
        var columns = bench
            .Bench.Query("SELECT field, column_name, column_type FROM customerio._sluice_columns WHERE table_name = 'customers_export'")
            .ToDictionary(row => (string)row[0]!, row => (Name: (string)row[1]!, Type: (string)row[2]!), StringComparer.Ordinal);
        Assert.Equal(names.Order(StringComparer.Ordinal), columns.Keys.Order(StringComparer.Ordinal));
        Assert.All(columns.Values, column => Assert.Equal("VARCHAR", column.Type));
        foreach (var name in names)
        {
            var world = bench
                .World.Rows("customer_attributes")
                .Select(row => $"{ExportBench.Of(row.GetProperty("identifiers"), "cio_id")}|{Attribute(row, name)}")
                .Order(StringComparer.Ordinal);
            Assert.Equal(world, bench.Rows($"cio_id, {DuckDBIdentifier.Quote(columns[name].Name)}", "customers_export"));
        }
    }

    [Fact]
    public async Task Segments_are_found_by_name_or_id_and_joined_with_or()
    {
        await using var bench = await ExportBench.StartAsync();
        ExportBench.AssertDone(await bench.IngestAsync("customers_export", "segments=A tenth", "segments=6,vip ÜNÏCODE"));
        Assert.Contains("""{"filters":{"or":[{"segment":{"id":3}},{"segment":{"id":6}},{"segment":{"id":4}}]}}""", bench.Bodies);
        var members = bench.World.Rows("segment_memberships").Where(row => row.GetProperty("segment_id").ToString() is "3" or "4" or "6")
            .Select(row => ExportBench.Of(row, "cio_id")).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(members, bench.Rows("cio_id", "customers_export"));
    }

    [Fact]
    public async Task Segments_that_are_not_there_are_all_named_with_what_was_probably_meant()
    {
        await using var bench = await ExportBench.StartAsync();
        var table = (await bench.IngestAsync("customers_export", "segments=Hand-piked,Half,qqqqqqqqqq")).Tables[0];
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Config), (table.Outcome, table.ErrorKind));
        Assert.Contains("no segment 'Hand-piked'", table.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean Hand-picked?", table.Error, StringComparison.Ordinal);
        Assert.Contains("no segment 'qqqqqqqqqq'", table.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("'Half'", table.Error, StringComparison.Ordinal);
        Assert.Equal(0, bench.Posts);
    }

    [Fact]
    public async Task A_filter_is_sent_as_it_is()
    {
        await using var bench = await ExportBench.StartAsync();
        ExportBench.AssertDone(
            await bench.IngestAsync(
                "customers_export",
                """filter={"and":[{"segment":{"id":2}},{"attribute":{"field":"plan","operator":"eq","value":"pro"}}]}"""));
        Assert.Contains("""{"filters":{"and":[{"segment":{"id":2}},{"attribute":{"field":"plan","operator":"eq","value":"pro"}}]}}""", bench.Bodies);
        Assert.NotEmpty(bench.Rows("cio_id", "customers_export"));
        Assert.True(bench.Rows("cio_id", "customers_export").Count < 40);
    }

    [Theory]
    [InlineData("segments=1", "filter={\"segment\":{\"id\":1}}")]
    [InlineData("deadline=soon")]
    [InlineData("newsletter_id=1")]
    public void What_makes_no_sense_is_said_before_anything_is_asked(params string[] options) =>
        Assert.Equal(
            SluiceErrorKind.Config,
            Assert.Throws<SluiceException>(() => ExportBench.Read(ExportBench.Words("customers_export", options))).Kind);

    [Fact]
    public async Task Masked_values_never_reach_the_disk()
    {
        await using var bench = await ExportBench.StartAsync(options => options with { ExportFormat = "zip" });
        var words = ExportBench.Words("customers_export", "attributes=essay", "attributes=Name").Say("--mask", "email:sha256", "Name:redact");
        var request = ExportBench.Read(words) with { WorkFolder = bench.Bench.WorkFolder, KeepSpool = true };
        bench.Before = path =>
        {
            AssertNowhere(bench.Bench.WorkFolder, "@example.com", "Upper");
            return Task.CompletedTask;
        };
        ExportBench.AssertDone(await bench.IngestAsync(request));
        AssertNowhere(bench.Bench.WorkFolder, "@example.com", "Upper");
        Assert.Equal(
            bench.World.Rows("customers").Count(row => ExportBench.Of(row, "email") != "NULL"),
            bench.Rows("email", "customers_export").Count(mail => mail.Length == 64));
        Assert.Contains("***", bench.Rows("Name", "customers_export"));
        Assert.Contains(new string('x', 5000), bench.Rows("essay", "customers_export"));
    }

    [Fact]
    public async Task People_by_export_are_the_people_of_the_search()
    {
        await using var bench = await ExportBench.StartAsync();
        ExportBench.AssertDone(await bench.IngestAsync("customers", "via=export"));
        Assert.Equal(bench.People(), bench.Rows("cio_id, id, email", "customers"));
        Assert.DoesNotContain("POST /v1/customers", bench.Requests);
        Assert.Equal(
            ["cio_id", "id", "email"],
            bench.Bench.Query("DESCRIBE customerio.customers").Select(row => (string)row[0]!).Where(name => !name.StartsWith('_')));
    }

    [Fact]
    public async Task Attributes_by_export_have_the_form_that_the_attributes_endpoint_gives()
    {
        await using var bench = await ExportBench.StartAsync();
        ExportBench.AssertDone(await bench.IngestAsync("customer_attributes", "via=export", "attributes=plan,code,Name,name"));
        Assert.DoesNotContain(bench.Requests, request => request.StartsWith("POST /v1/customers", StringComparison.Ordinal));
        string[] wanted = ["cio_id", "id", "email", "created_at", "plan", "code", "Name", "name"];
        var world = bench
            .World.Rows("customer_attributes")
            .Select(row =>
                $"{ExportBench.Of(row.GetProperty("identifiers"), "cio_id")}|{string.Join('|', wanted.Select(name => Attribute(row, name)))}")
            .Order(StringComparer.Ordinal);
        Assert.Equal(world, bench.Rows($"customer_id, {string.Join(", ", wanted.Select(name => $"attributes->>'/{name}'"))}", "customer_attributes"));
    }

    [Fact]
    public void Attributes_by_export_must_be_named()
    {
        var error = Assert.Throws<SluiceException>(() =>
            ExportBench.Read(ExportBench.Words("customer_attributes", "via=export")));
        Assert.Contains("only the attributes that are named", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, "search")]
    [InlineData(1_300_000, "export")]
    public async Task Auto_takes_the_export_when_the_search_costs_minutes(int people, string way)
    {
        await using var bench = await ExportBench.StartAsync(options => options with { Customers = people, Messages = 10, Activities = 10 });
        var plan = await bench.PlanAsync(bench.Request("customers", "via=auto"));
        Assert.Contains(plan.Notes, note => note.Contains($"customers is read by {way}", StringComparison.Ordinal));
        Assert.Equal(way == "export" ? 7 : 1, plan.Tables[0].Requests);
    }

    [Theory]
    [InlineData("customers", "", 7)]
    [InlineData("customers", "via=search", 1300)]
    [InlineData("customers,object_types", "", 7)]
    [InlineData("customers,customer_segments", "", 1300)]
    public async Task Without_a_word_the_cheaper_way_is_taken_unless_other_tables_need_the_search(string tables, string option, int requests)
    {
        await using var bench = await ExportBench.StartAsync(options => options with { Customers = 1_300_000, Messages = 10, Activities = 10 });
        var plan = await bench.PlanAsync(bench.Request(tables, option.Length == 0 ? [] : [option]));
        Assert.Equal(requests, plan.Tables[0].Requests);
        Assert.Equal(requests == 7, plan.Notes.Any(note => note.Contains("customers is read by export", StringComparison.Ordinal)));
    }

    private static string Attribute(JsonElement row, string name) => ExportBench.Of(row.GetProperty("attributes"), name);

    private static void AssertNowhere(string folder, params string[] secrets)
    {
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [])
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            var text = reader.ReadToEnd();
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        }
    }
}
