using System.Net;
using System.Text;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Servers;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>Rows of 60 kB, more of them than DuckDB may hold, within the least memory that can be set.</summary>
[Trait("length", "long")]
public sealed class LongValueTests
{
    private const int Actions = 1_500;

    [Theory]
    [InlineData("duckdb:///out.duckdb")]
    [InlineData("parquet:///out")]
    [InlineData("jsonl:///out")]
    [InlineData("csv:///out")]
    [InlineData("sqlite:///out.db")]
    public async Task Long_values_are_loaded_compared_and_changed_within_the_least_memory(string destination)
    {
        await using var account = new LongBodies();
        using var tool = new Tool();
        tool.Environment["CUSTOMERIO_APP_API_KEY"] = "k";
        tool.Environment["CUSTOMERIO_BASE_URL"] = account.Address;
        tool.Environment["SLUICE_MEMORY"] = "128MB";
        foreach (var (body, written) in new[] { ('a', Actions), ('a', 0), ('b', Actions) })
        {
            account.Letter = body;
            var run = (await tool.RunAsync(
                "ingest", "--source-uri", "customerio://?rate=10000", "--source-table", "campaign_actions", "--dest-uri", destination)).Ended(ExitCode.Done);
            Assert.Contains(FormattableString.Invariant($"1 table, {written:N0} rows"), run.Out, StringComparison.Ordinal);
        }
    }

    // A Customer.io with one campaign, whose actions have long bodies.
    private sealed class LongBodies : IAsyncDisposable
    {
        private const int PageSize = 10;
        private readonly HttpListener _listener = new();
        private readonly Task _answering;

        public LongBodies()
        {
            Address = FormattableString.Invariant($"http://127.0.0.1:{ServerPort.Free()}");
            _listener.Prefixes.Add($"{Address}/");
            _listener.Start();
            _answering = AnswerAsync();
        }

        public string Address { get; }

        public char Letter { get; set; }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _answering;
            _listener.Close();
        }

        private async Task AnswerAsync()
        {
            while (_listener.IsListening)
            {
                try
                {
                    var context = await _listener.GetContextAsync();
                    context.Response.ContentType = "application/json";
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(Answer(context.Request.Url!)));
                    context.Response.Close();
                }
                catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }

        private string Answer(Uri address) => address.AbsolutePath switch
        {
            "/v1/campaigns" => """{"campaigns":[{"id":1,"name":"A","created":1700000000,"updated":1700000000}]}""",
            "/v1/campaigns/1/actions" => Page(address.Query.Split("start=") is [_, var start] ? int.Parse(start.Split('&')[0], null) : 0),
            _ => """{"workspaces":[{"id":1,"name":"W","messages_sent":0,"people":0}]}""",
        };

        private string Page(int start)
        {
            var body = new string(Letter, 60_000);
            var actions = Enumerable.Range(start, PageSize)
                .Select(id => $$"""{"id":"{{id}}","campaign_id":1,"type":"email","body":"{{id}} {{body}}"}""");
            var next = start + PageSize < Actions ? $",\"next\":\"{start + PageSize}\"" : "";
            return $"{{\"actions\":[{string.Join(',', actions)}]{next}}}";
        }
    }
}
