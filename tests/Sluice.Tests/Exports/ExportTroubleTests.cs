using Sluice.Engine;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Exports;

public sealed class ExportTroubleTests
{
    private static readonly string[] Essay = ["attributes=essay"];

    [Fact]
    public async Task A_link_that_has_expired_is_replaced()
    {
        await using var bench = await ExportBench.StartAsync();
        var expired = false;
        bench.Before = path => path == "GET file" && !expired && (expired = true) ? bench.Bench.AdvanceAsync("16m") : Task.CompletedTask;
        ExportBench.AssertDone(await bench.IngestAsync("customers_export"));
        Assert.Equal(
            (1, 2, 2), (bench.Posts, bench.Fetches, bench.Requests.Count(request => request.EndsWith("/download", StringComparison.Ordinal))));
        Assert.Equal(bench.People(), bench.Rows("cio_id, id, email", "customers_export"));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("gzip")]
    [InlineData("zip")]
    public async Task A_download_that_is_cut_goes_on_by_range(string form)
    {
        await using var bench = await ExportBench.StartAsync(options => options with { ExportFormat = form }, "cut-body#1,#2/_files*");
        ExportBench.AssertDone(await bench.IngestAsync("customers_export", Essay));
        Assert.Equal((1, 3), (bench.Posts, bench.Fetches));
        Assert.Equal("whole", bench.Ranges[0]);
        Assert.All(bench.Ranges.Skip(1), range => Assert.Matches("^bytes=[1-9][0-9]*-$", range));
        Assert.Equal(bench.People(), bench.Rows("cio_id, id, email", "customers_export"));
        Assert.Contains(new string('x', 5000), bench.Rows("essay", "customers_export"));
    }

    [Theory]
    [InlineData(false, "stable", 2)]
    [InlineData(true, "changing", 2)]
    [InlineData(true, "none", 2)]
    public async Task A_rest_that_is_not_of_the_same_file_is_not_taken(bool ranges, string tags, int fetches)
    {
        await using var bench = await ExportBench.StartAsync(
            options => options with { ExportRanges = ranges, ExportETags = tags }, "cut-body#1/_files*");
        ExportBench.AssertDone(await bench.IngestAsync("customers_export", Essay));
        Assert.Equal(fetches + (tags == "none" ? 0 : 1), bench.Fetches);
        Assert.Equal(bench.People(), bench.Rows("cio_id, id, email", "customers_export"));
    }

    [Fact]
    public async Task A_masked_download_that_is_cut_goes_on_by_range_too()
    {
        await using var bench = await ExportBench.StartAsync(options => options with { ExportFormat = "gzip" }, "cut-body#1/_files*");
        var words = ExportBench.Words("customers_export").Say("--mask", "email:redact");
        var request = ExportBench.Read(words) with { WorkFolder = bench.Bench.WorkFolder };
        ExportBench.AssertDone(await bench.IngestAsync(request));
        Assert.Equal(2, bench.Fetches);
        Assert.Equal(40, bench.Rows("cio_id", "customers_export").Count);
        Assert.DoesNotContain(bench.Rows("email", "customers_export"), mail => mail.Contains('@'));
    }

    [Fact]
    public async Task A_connection_that_never_holds_is_given_up_and_the_next_run_goes_on()
    {
        await using var bench = await ExportBench.StartAsync(null, "reset/_files*");
        var table = (await bench.IngestAsync("customers_export")).Tables[0];
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Api), (table.Outcome, table.ErrorKind));
        await bench.Bench.FaultsAsync();
        ExportBench.AssertDone(await bench.IngestAsync("customers_export"));
        Assert.Equal(1, bench.Posts);
    }

    [Theory]
    [InlineData("GET /v1/exports/", 2)]
    [InlineData("GET file", 1)]
    [InlineData("GET file", 2)]
    public async Task A_run_that_is_stopped_goes_on_with_the_same_export(string request, int number)
    {
        await using var bench = await ExportBench.StartAsync(options => options with { ExportPolls = 5 }, "cut-body#1/_files*");
        await bench.StopAtAsync(request, number, "customers_export", Essay);
        ExportBench.AssertDone(await bench.IngestAsync("customers_export", Essay));
        Assert.Equal(1, bench.Posts);
        Assert.Equal(bench.People(), bench.Rows("cio_id, id, email", "customers_export"));
        if (number == 2 && request == "GET file")
        {
            // What had come before the stop is not fetched again.
            Assert.Matches("^bytes=[1-9][0-9]*-$", bench.Ranges[^1]);
        }
    }

    [Fact]
    public async Task A_run_that_is_stopped_while_segments_are_cut_keeps_each_row_once()
    {
        await using var bench = await ExportBench.StartAsync(options => options with { Customers = 3_000, Messages = 10 });
        bench.Change = request => request with { SegmentBytes = 2_000 };
        using var stop = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                if (
                    Directory.Exists(bench.Bench.WorkFolder)
                    && Directory.EnumerateFiles(bench.Bench.WorkFolder, "segment-*.csv", SearchOption.AllDirectories).Count() > 3)
                {
                    await stop.CancelAsync();
                }

                await Task.Delay(1);
            }
        });
        var first = await bench.IngestAsync(bench.Request("customers_export"), stop.Token);
        await stop.CancelAsync();
        await watching;
        ExportBench.AssertDone(first.ExitCode == ExitCode.Done ? first : await bench.IngestAsync("customers_export"));
        Assert.Equal(1, bench.Posts);
        Assert.Equal(bench.People(), bench.Rows("cio_id, id, email", "customers_export"));
    }

    [Fact]
    public async Task An_export_whose_answer_was_lost_is_found_among_the_exports()
    {
        await using var bench = await ExportBench.StartAsync(null, "reset:after#1/v1/exports/customers");
        var report = await bench.IngestAsync("customers_export");
        ExportBench.AssertDone(report);
        Assert.Equal(1, bench.Posts);
        Assert.Contains(report.Tables[0].Notes, note => note.Contains("was taken over", StringComparison.Ordinal));
        Assert.Equal(bench.People(), bench.Rows("cio_id, id, email", "customers_export"));
    }

    [Fact]
    public async Task A_request_that_never_arrived_is_made_again_and_said()
    {
        await using var bench = await ExportBench.StartAsync(null, "reset#1/v1/exports/customers");
        var report = await bench.IngestAsync("customers_export");
        ExportBench.AssertDone(report);
        Assert.Equal(2, bench.Posts);
        Assert.Contains(report.Tables[0].Notes, note => note.Contains("asked for anew", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_exports_that_could_be_it_none_is_taken()
    {
        await using var bench = await ExportBench.StartAsync(null, "reset:after#1/v1/exports/customers");
        bench.Before = async path =>
        {
            // Somebody else asks for one in the same second.
            if (path == "POST /v1/exports/customers" && bench.Posts == 1)
            {
                using var http = new HttpClient { BaseAddress = bench.Bench.Simulator.BaseAddress };
                http.DefaultRequestHeaders.Add("Authorization", "Bearer sim-app-key");
                using var answer = await http.PostAsync(
                    new Uri("/v1/exports/customers", UriKind.Relative), new StringContent("""{"filters":{"segment":{"id":2}}}"""));
            }
        };
        await bench.Bench.FaultsAsync("reset:after#2/v1/exports/customers");
        var report = await bench.IngestAsync("customers_export");
        ExportBench.AssertDone(report);
        Assert.Equal(2, bench.Posts);
        Assert.Contains(report.Tables[0].Notes, note => note.Contains("2 exports could be it", StringComparison.Ordinal));
        Assert.Equal(bench.People(), bench.Rows("cio_id, id, email", "customers_export"));
    }

    [Fact]
    public async Task An_export_that_failed_fails_the_table_and_the_next_run_asks_again()
    {
        await using var bench = await ExportBench.StartAsync(options => options with { ExportFailures = 1 });
        var table = (await bench.IngestAsync("customers_export")).Tables[0];
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Api), (table.Outcome, table.ErrorKind));
        Assert.Contains("failed to make export", table.Error, StringComparison.Ordinal);
        Assert.NotNull(table.Hint);
        ExportBench.AssertDone(await bench.IngestAsync("customers_export"));
        Assert.Equal(2, bench.Posts);
    }

    [Fact]
    public async Task After_a_failure_the_next_export_is_asked_for_once_even_if_its_answer_is_lost()
    {
        await using var bench = await ExportBench.StartAsync(options => options with { ExportFailures = 1 });
        await bench.IngestAsync("customers_export");
        await bench.Bench.FaultsAsync("reset:after#1/v1/exports/customers");
        ExportBench.AssertDone(await bench.IngestAsync("customers_export"));
        Assert.Equal(2, bench.Posts);
    }

    [Fact]
    public async Task A_limit_ends_the_reading()
    {
        await using var bench = await ExportBench.StartAsync();
        ExportBench.AssertDone(await bench.IngestAsync(bench.Request("customers_export").WithSettings(settings => settings with { Limit = 7 })));
        Assert.Equal(7, bench.Rows("cio_id", "customers_export").Count);
    }

    [Fact]
    public async Task Rows_that_are_missing_from_the_file_are_a_named_gap()
    {
        await using var bench = await ExportBench.StartAsync(options => options with { ExportMissingRows = 3 });
        var report = await bench.IngestAsync("customers_export");
        Assert.Equal((TableOutcome.Partial, ExitCode.Partial), (report.Tables[0].Outcome, report.ExitCode));
        Assert.Contains(report.Tables[0].Gaps, gap => gap.Contains("40 rows by Customer.io's count, 37 in its file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deadline_ends_the_waiting_and_not_the_export()
    {
        await using var bench = await ExportBench.StartAsync(options => options with { ExportPolls = 60 });
        var table = (await bench.IngestAsync("customers_export", "deadline=5m")).Tables[0];
        Assert.Equal(TableOutcome.Failed, table.Outcome);
        Assert.Contains("was not done after", table.Error, StringComparison.Ordinal);
        ExportBench.AssertDone(await bench.IngestAsync("customers_export", "deadline=6h"));
        Assert.Equal(1, bench.Posts);
    }

    [Theory]
    [InlineData("429#1,#3/v1/exports/*")]
    [InlineData("500#2/v1/exports/*")]
    [InlineData("503#1/_files*")]
    public async Task Passing_trouble_is_waited_out(string fault)
    {
        await using var bench = await ExportBench.StartAsync(null, fault);
        ExportBench.AssertDone(await bench.IngestAsync("customers_export"));
        Assert.Equal(bench.People(), bench.Rows("cio_id, id, email", "customers_export"));
    }

    [Fact]
    public async Task A_file_that_is_damaged_twice_fails_the_table()
    {
        await using var bench = await ExportBench.StartAsync(options => options with { ExportFormat = "gzip" }, "content-type:x/_files*");
        bench.Before = path => path == "GET file" ? bench.Bench.FaultsAsync("empty-body/_files*") : Task.CompletedTask;
        var table = (await bench.IngestAsync("customers_export")).Tables[0];
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Api), (table.Outcome, table.ErrorKind));
        Assert.Contains("was fetched twice", table.Error, StringComparison.Ordinal);
        Assert.Equal(1, bench.Posts);
    }
}
