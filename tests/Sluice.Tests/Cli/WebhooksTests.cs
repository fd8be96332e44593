using System.Net;
using System.Text;
using Sluice.CustomerIo;
using Sluice.Engine.Runs;
using Sluice.Tests.Simulator;
using Xunit;

namespace Sluice.Tests.Cli;

public sealed class WebhooksTests
{
    private const string Address = "https://data.example.com/hooks/main";

    [Fact]
    public async Task Webhooks_are_listed_without_what_their_addresses_hide()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var run = await Tool(simulator).RunAsync("webhooks", "list");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("https://hooks.example.com/cio?***", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("hook-secret", run.Out, StringComparison.Ordinal);
        Assert.All(run.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
        var json = await Tool(simulator).RunAsync("webhooks", "list", "--json");
        Assert.Contains("\"full_resolution\"", json.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("hook-secret", json.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_is_created_once_with_all_events_and_the_key_is_to_be_pasted()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var run = await Tool(simulator).RunAsync("webhooks", "create", Address, "--every-time");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("Integrations > Reporting Webhooks", run.Out, StringComparison.Ordinal);
        var made = simulator.World.Settings.ReportingWebhooks.Rows.Last();
        Assert.Equal((Address, true, ReportingWebhooks.Events.Count),
            ((string)made["endpoint"]!, (bool)made["full_resolution"]!, made["events"]!.AsArray().Count));
        var again = await Tool(simulator).RunAsync("webhooks", "create", Address);
        Assert.Equal(ExitCode.Config, again.Code);
        Assert.Contains("nothing was created", again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no address.")]
    [InlineData("its webhooks are at /hooks/", "https://data.example.com/")]
    [InlineData("no http address", "data.example.com")]
    [InlineData("no event 'email_snet'.", Address, "--events", "email_snet")]
    public async Task What_is_wrong_is_told_before_anything_is_created(string told, params string[] arguments)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var before = simulator.World.Settings.ReportingWebhooks.Count;
        var run = await Tool(simulator).RunAsync(["webhooks", "create", .. arguments]);
        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Contains(told, run.Error.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(before, simulator.World.Settings.ReportingWebhooks.Count);
    }

    [Theory]
    [InlineData(200, ExitCode.Done, "took the event")]
    [InlineData(401, ExitCode.Destination, "the signature is not that of its key")]
    [InlineData(302, ExitCode.Destination, "does not follow redirects")]
    public async Task An_event_is_signed_and_sent_and_the_answer_told(int answer, int code, string told)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        using var listener = new HttpListener();
        var address = $"http://127.0.0.1:{FreePort()}/hooks/main";
        listener.Prefixes.Add(address + "/");
        listener.Start();
        var taking = TakeAsync(listener, answer);
        var run = await Tool(simulator).RunAsync("webhooks", "test", address);
        Assert.Equal(code, run.Code);
        Assert.Contains(told, run.Out, StringComparison.Ordinal);
        Assert.True(await taking);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_sent()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var run = await Tool(simulator, key: null).RunAsync("webhooks", "test", "http://127.0.0.1:9/hooks/main");
        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Contains("CUSTOMERIO_WEBHOOK_SIGNING_KEY", run.Error, StringComparison.Ordinal);
    }

    private static async Task<bool> TakeAsync(HttpListener listener, int answer)
    {
        var context = await listener.GetContextAsync();
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body, TestContext.Current.CancellationToken);
        var isSigned = WebhookSignature.IsOf(
            "s1gning", context.Request.Headers["X-CIO-Timestamp"]!, body.ToArray(), context.Request.Headers["X-CIO-Signature"]!);
        context.Response.StatusCode = answer;
        context.Response.Close();
        return isSigned && Encoding.UTF8.GetString(body.ToArray()).Contains("\"metric\":\"tested\"", StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private static ToolHarness Tool(SimulatorHarness simulator, string? key = "s1gning")
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CUSTOMERIO_APP_API_KEY"] = "sim-app-key",
            ["CUSTOMERIO_BASE_URL"] = simulator.Server.BaseAddress.ToString(),
        };
        if (key is not null)
        {
            environment["CUSTOMERIO_WEBHOOK_SIGNING_KEY"] = key;
        }

        return new ToolHarness(environment);
    }
}
