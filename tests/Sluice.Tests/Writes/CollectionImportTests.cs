using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Tests.Cli;
using Sluice.Writes.Import;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>Collections, whose rows the API replaces as a whole.</summary>
public sealed class CollectionImportTests : IAsyncLifetime
{
    private ImportBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await ImportBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task One_that_is_not_there_is_made_and_one_that_is_there_is_replaced_after_its_rows_were_kept()
    {
        _bench.Write("a.json", """[{"sku":"007","price":1.5,"tags":["x",null],"note":"","gone":null},{"sku":"8","price":2}]""");
        var made = await _bench.RunAsync(Settings("a.json"));
        Assert.Equal((2L, 0, 0), (made.Taken, made.ExitCode, made.Verification!.Different));
        Assert.Null(made.FormerContent);
        var before = await RowsAsync();
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(Path.Combine(_bench.Folder, "a.json"))), before), before.ToJsonString());

        _bench.Write("b.csv", "sku,price\n9,3\n");
        var replaced = await _bench.RunAsync(Settings("b.csv"));
        Assert.Equal("price: 3, sku: 9", Sorted(await RowsAsync()));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(replaced.FormerContent!));
        }

        // As the report says.
        await _bench.RunAsync(Settings(replaced.FormerContent!));
        Assert.True(JsonNode.DeepEquals(before, await RowsAsync()));
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData("1", 2)]
    [InlineData("2", 0)]
    public async Task Rows_vanish_only_when_somebody_says_how_many(string? yes, int exitCode)
    {
        _bench.Write("a.csv", "sku\na\nb\nc\n");
        _bench.Write("b.csv", "sku\nc\nd\n");
        var tool = new ToolHarness(_bench.Environment()) { Folder = _bench.Folder };
        Assert.Equal(0, (await tool.RunAsync("import", "a.csv", "--into", "collection:stock")).Code);

        var run = await tool.RunAsync(["import", "b.csv", "--into", "collection:stock", .. yes is null ? Array.Empty<string>() : ["--yes", yes]]);

        Assert.Equal(exitCode, run.Code);
        Assert.Equal(exitCode == 0 ? 2 : 3, (await RowsAsync()).AsArray().Count);
        if (exitCode != 0)
        {
            Assert.Contains("2 rows that the collection has now are not among the new ones", run.Error, StringComparison.Ordinal);
            Assert.Contains("--yes 2 agrees to it", run.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_is_lost_makes_no_second_collection(bool isDone)
    {
        _bench.Write("a.csv", "sku\na\n");
        var lost = new LosingHandler(HttpMethod.Post, isDone);

        var report = await _bench.RunAsync(Settings("a.csv"), lost);

        Assert.Equal(isDone ? (1L, 0L, 0) : (0L, 1L, 7), (report.Taken, report.Unknown, report.ExitCode));
        var again = await _bench.RunAsync(Settings("a.csv"));
        Assert.Equal((1L, 0), (again.Taken, again.ExitCode));
        Assert.Equal(0, again.Verification?.Different ?? 0);
        Assert.Single(await CollectionsAsync());
    }

    [Fact]
    public async Task An_answer_that_is_lost_when_rows_are_replaced_is_asked_for_again()
    {
        _bench.Write("a.csv", "sku\na\n");
        _bench.Write("b.csv", "sku\na\nb\n");
        await _bench.RunAsync(Settings("a.csv"));
        var report = await _bench.RunAsync(Settings("b.csv"), new LosingHandler(HttpMethod.Put, isDone: true));
        Assert.Equal((2L, 0), (report.Taken, report.ExitCode));
        Assert.Equal(2, (await RowsAsync()).AsArray().Count);
    }

    [Theory]
    [InlineData("sku\n", "There are no rows for the collection, which stays as it is.")]
    [InlineData(null, "The rows make more than 10 MB")]
    public async Task What_no_collection_takes_is_refused_before_anything_is_sent(string? text, string problem)
    {
        _bench.Write("a.csv", text ?? "sku\n" + string.Concat(Enumerable.Repeat(new string('x', 9000) + "\n", 1200)));
        var error = await Assert.ThrowsAsync<SluiceException>(() => _bench.RunAsync(Settings("a.csv")));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Empty(await CollectionsAsync());
    }

    [Fact]
    public async Task A_row_that_is_too_long_is_rejected_by_line_and_the_others_are_sent()
    {
        _bench.Write("a.csv", $"sku,text\na,{new string('x', 10_000)}\nb,\n");
        var report = await _bench.RunAsync(Settings("a.csv"));
        Assert.Equal((1L, 1L, 7), (report.Taken, report.Rejected, report.ExitCode));
        Assert.Equal(2, Assert.Single(report.FirstRejected).Line);
    }

    private ImportSettings Settings(string source) =>
        _bench.Settings(source, "collection:stock") with { Verify = VerifyMode.Sample, VerifyPatience = TimeSpan.Zero };

    private async Task<IReadOnlyList<string>> CollectionsAsync() =>
        [.. (await _bench.Simulator.GetAsync("/v1/collections")).GetProperty("collections").EnumerateArray()
            .Where(one => one.GetProperty("name").GetString() == "stock").Select(one => one.GetProperty("id").ToString())];

    private async Task<JsonNode> RowsAsync()
    {
        var id = Assert.Single(await CollectionsAsync());
        return JsonNode.Parse((await _bench.Simulator.GetAsync($"/v1/collections/{id}/content")).GetRawText())!;
    }

    private static string Sorted(JsonNode rows) => string.Join(
        '\n', rows.AsArray().Select(row => string.Join(", ", row!.AsObject().OrderBy(one => one.Key).Select(one => $"{one.Key}: {one.Value}"))));

    /// <summary>Loses the first answer to a change of collections.</summary>
    private sealed class LosingHandler(HttpMethod method, bool isDone) : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _count;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method != method || Interlocked.Increment(ref _count) > 1)
            {
                return await base.SendAsync(request, cancellationToken);
            }

            if (isDone)
            {
                (await base.SendAsync(request, cancellationToken)).Dispose();
            }

            throw new HttpRequestException("The connection was reset.");
        }
    }
}
