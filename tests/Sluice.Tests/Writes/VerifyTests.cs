using System.Globalization;
using System.Text;
using Sluice.Tests.Cli;
using Sluice.Writes.Import;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>What was sent is read back, because Customer.io answers when a change is queued and drops some of them later without a word.</summary>
public sealed class VerifyTests : IAsyncLifetime
{
    private ImportBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await ImportBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData(VerifyMode.Sample)]
    [InlineData(VerifyMode.All)]
    public async Task A_suppressed_person_and_an_address_of_somebody_else_are_named(VerifyMode mode)
    {
        _bench.Write("first.csv", "id,email\nowner,taken@example.com\n");
        await _bench.RunAsync(_bench.Settings("first.csv", "people"));
        _bench.Simulator.World.People.Suppress("hushed");
        _bench.Write(
            "people.csv",
            "id,email,plan\nfine,fine@example.com,pro\nhushed,h@example.com,pro\nnew,taken@example.com,pro\nowner,fine@example.com,x\n");

        var report = await _bench.RunAsync(Verified("people.csv", "people", mode));

        Assert.Equal((4L, 7), (report.Taken + report.Rejected, report.ExitCode));
        Assert.Equal(2, report.Verification!.Different);
        var lines = await File.ReadAllLinesAsync(Unverified, TestContext.Current.CancellationToken);
        Assert.Equal("file,line,identifier,attribute,reason", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("people.csv,3,hushed,,\"is not there", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("people.csv,4,new,,\"is not there", StringComparison.Ordinal));
        Assert.DoesNotContain(report.Verification.First, row => row.Reason.Length > 0);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Unverified));
        }
    }

    [Fact]
    public async Task Customer_io_s_queue_is_waited_for()
    {
        _bench.Write("people.csv", "id,a\nlate,x\n");
        var late = new LateHandler(2);

        var report = await _bench.RunAsync(Verified("people.csv", "people") with { VerifyPatience = TimeSpan.FromSeconds(30) }, late);

        Assert.Equal((0, 0, TimeSpan.FromSeconds(3)), (report.Verification!.Different, report.ExitCode, report.Verification.Waited));
    }

    [Theory]
    [InlineData(VerifyMode.Sample)]
    [InlineData(VerifyMode.All)]
    public async Task Of_rows_of_one_person_in_several_requests_the_last_is_expected(VerifyMode mode)
    {
        var text = new StringBuilder("id,a,b\n");
        for (var n = 0; n < 6000; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"p{n % 2750},a{n},{(n < 2750 ? "b" : "")}\n");
        }

        _bench.Write("people.csv", text.ToString());
        var report = await _bench.RunAsync(Verified("people.csv", "people", mode));
        Assert.Equal((0, 0, true), (report.Verification!.Different, report.ExitCode, report.Verification.Rows > 100));
    }

    [Fact]
    public async Task Numbers_booleans_lists_and_times_are_read_back_as_the_text_that_the_API_makes_of_them()
    {
        _bench.Write(
            "p.jsonl",
            "{\"id\":\"1\",\"n\":1.50,\"b\":true,\"l\":[1,{\"x\":null}],\"e\":\"\",\"unsubscribed\":true,\"created_at\":\"2024-05-01\"}\n");
        var report = await _bench.RunAsync(Verified("p.jsonl", "people", VerifyMode.All));
        Assert.Equal((1L, 0), (report.Verification!.Rows, report.Verification.Different));
        Assert.Equal("1714521600", _bench.Person("1")!["created_at"]);
    }

    [Theory]
    [InlineData("objects", "object_type_id,object_id,name,size\n1,acme,Acme,5\n1,beta / b,Beta,6\n", 2)]
    [InlineData("relationships", "id,object_type_id,object_id,role\nknown,1,acme,owner\nother,1,acme,user\n", 2)]
    [InlineData("deletes", "id\nknown\nnobody\n", 2)]
    [InlineData("suppressions", "id\nother\n", 1)]
    public async Task Other_targets_are_read_back_too(string target, string text, long rows)
    {
        _bench.Write("people.csv", "id\nknown\nother\n");
        await _bench.RunAsync(_bench.Settings("people.csv", "people"));
        _bench.Write("a.csv", text);
        foreach (var mode in new[] { VerifyMode.Sample, VerifyMode.All })
        {
            var report = await _bench.RunAsync(Verified("a.csv", target, mode) with { IsAgain = true });
            Assert.Equal((rows, 0, null), (report.Verification!.Rows, report.Verification.Different, report.Verification.Problem));
        }
    }

    [Fact]
    public async Task Who_is_not_in_the_segment_afterwards_is_named()
    {
        var segment = (await _bench.Simulator.GetAsync("/v1/segments")).GetProperty("segments").EnumerateArray()
            .First(one => one.GetProperty("type").GetString() == "manual").GetProperty("name").GetString();
        _bench.Write("people.csv", "id\nmember\n");
        await _bench.RunAsync(_bench.Settings("people.csv", "people"));
        _bench.Write("a.csv", "id\nmember\nnobody\n");

        var report = await _bench.RunAsync(Verified("a.csv", $"segment:{segment}"));

        Assert.Equal((2L, 1, 7), (report.Verification!.Rows, report.Verification.Different, report.ExitCode));
        var text = await File.ReadAllTextAsync(Unverified, TestContext.Current.CancellationToken);
        Assert.Contains("a.csv,3,nobody,,\"is not in the segment", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_were_refused_are_not_looked_for()
    {
        _bench.Write("objects.csv", "object_type_id,object_id,name\n1,acme,Acme\n99,nowhere,No\n");
        var report = await _bench.RunAsync(Verified("objects.csv", "objects", VerifyMode.All));
        Assert.Equal((1L, 1L, 0), (report.Rejected, report.Verification!.Rows, report.Verification.Different));
    }

    [Fact]
    public async Task A_finished_import_is_read_back_again_when_that_is_said_and_sends_nothing()
    {
        _bench.Write("a.csv", "id,a,b\n1,x,y\n2,x,y\n");
        _bench.Write("b.csv", "id,a\n2,changed\n");
        var tool = Tool();
        var first = await tool.RunAsync("import", "a.csv", "--into", "people");
        Assert.Equal(0, first.Code);
        Assert.Contains("Read back: 2 rows of a sample, 0 not as sent.", first.Out, StringComparison.Ordinal);
        await _bench.RunAsync(_bench.Settings("b.csv", "people"));

        Assert.Equal(0, (await tool.RunAsync("import", "a.csv", "--into", "people")).Code);
        var (code, output, error) = await tool.RunAsync("import", "a.csv", "--into", "people", "--verify", "all", "--verify-wait", "0s");

        Assert.Equal(7, code);
        Assert.Contains("Nothing was sent", output, StringComparison.Ordinal);
        Assert.Contains("1 row is not in Customer.io as it was sent", error, StringComparison.Ordinal);
        Assert.Contains("line 3: a", error, StringComparison.Ordinal);
        Assert.DoesNotContain("changed", error, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(Unverified, TestContext.Current.CancellationToken);
        Assert.Contains("a.csv,3,2,a,is 'changed'; sent was 'x'", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_App_API_key_rows_are_sent_and_it_is_said_that_nothing_was_read_back()
    {
        _bench.Write("a.csv", "id\n1\n");
        var tool = Tool("CUSTOMERIO_APP_API_KEY", null);
        var (code, _, error) = await tool.RunAsync("import", "a.csv", "--into", "people");
        Assert.Equal(0, code);
        Assert.Contains("Nothing was read back, for there is no App API key", error, StringComparison.Ordinal);
        Assert.NotNull(_bench.Person("1"));

        var refused = await tool.RunAsync("import", "a.csv", "--into", "people", "--verify", "all");
        Assert.Equal(2, refused.Code);
        Assert.Contains("There is no App API key, without which nothing can be read back.", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sample", 0)]
    [InlineData("all", 7)]
    public async Task What_can_t_be_read_back_is_told_and_the_import_stays_what_it_is(string mode, int exitCode)
    {
        _bench.Write("a.csv", "id\n1\n");
        var (code, _, error) = await Tool("CUSTOMERIO_APP_API_KEY", "wrong-key").RunAsync("import", "a.csv", "--into", "people", "--verify", mode);
        Assert.Equal(exitCode, code);
        Assert.Contains("Not all that was sent could be read back", error, StringComparison.Ordinal);
        Assert.NotNull(_bench.Person("1"));
    }

    [Fact]
    public async Task A_dry_run_has_the_price_of_reading_back()
    {
        _bench.Write("a.csv", "id\n" + string.Concat(Enumerable.Range(0, 1000).Select(n => $"{n}\n")));
        var sample = await Tool().RunAsync("import", "a.csv", "--into", "people", "--dry-run");
        Assert.Contains("200 rows are read back afterwards: 2 requests to the App API, 1 s at ", sample.Out, StringComparison.Ordinal);
        var all = await Tool().RunAsync("import", "a.csv", "--into", "people", "--dry-run", "--verify", "all");
        Assert.Contains("1,000 rows are read back afterwards: 10 requests", all.Out, StringComparison.Ordinal);
        var none = await Tool().RunAsync("import", "a.csv", "--into", "people", "--dry-run", "--verify", "none");
        Assert.Contains("Nothing is read back.", none.Out, StringComparison.Ordinal);
    }

    private string Unverified => Path.Combine(_bench.Folder, "unverified.csv");

    private ImportSettings Verified(string source, string target, VerifyMode mode = VerifyMode.Sample) =>
        _bench.Settings(source, target) with { Verify = mode, VerifyPatience = TimeSpan.Zero };

    private ToolHarness Tool(string? variable = null, string? value = null)
    {
        var environment = new Dictionary<string, string>(_bench.Environment());
        if (variable is not null)
        {
            environment.Remove(variable);
        }

        if (value is not null)
        {
            environment[variable!] = value;
        }

        return new ToolHarness(environment) { Folder = _bench.Folder };
    }

    /// <summary>Lets the first questions for people find nobody.</summary>
    private sealed class LateHandler(int empty) : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _asked;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.RequestUri!.AbsolutePath == "/v1/customers/attributes" && Interlocked.Increment(ref _asked) <= empty
                ? new HttpResponseMessage { Content = new StringContent("{\"customers\":[]}"), RequestMessage = request }
                : await base.SendAsync(request, cancellationToken);
    }
}
