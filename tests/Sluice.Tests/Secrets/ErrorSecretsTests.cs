using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sluice.Cli;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Tests.Cli;
using Sluice.Tests.CustomerIo;
using Xunit;

namespace Sluice.Tests.Secrets;

/// <summary>A server that says again whatever it was told, keys too, and breaks off in the middle of people's data.</summary>
public sealed class ErrorSecretsTests : IDisposable
{
    private const string People = $$"""{"workspaces":[{"id":1,"name":"{{Canary.Email}}","phone":"{{Canary.Phone}}" """;

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-secrets-").FullName;
    private readonly List<string> _said = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(401, "application/json", """{"errors":[{"detail":"bad key: AUTH","status":"401"}]}""")]
    [InlineData(403, "application/json", """{"meta":{"error":"AUTH may not do this"}}""")]
    [InlineData(404, "text/plain", "no such thing AUTH")]
    [InlineData(429, "application/json", """{"errors":[{"detail":"slow down AUTH"}]}""")]
    [InlineData(500, "text/html", "<html><body>AUTH</body></html>")]
    [InlineData(503, null, "AUTH")]
    [InlineData(301, "application/json", """{"meta":{"error":"wrong datacenter for AUTH"}}""")]
    [InlineData(200, "text/html", "<html><body>Sign in, AUTH</body></html>")]
    [InlineData(200, "application/json", """{"workspaces": "AUTH" """)]
    [InlineData(200, "application/json", """{"errors":[{"detail":"AUTH"}]}""")]
    [InlineData(200, "application/json", """["AUTH"]""")]
    public async Task A_key_that_comes_back_in_an_answer_is_said_by_no_command(int status, string? type, string body)
    {
        await using var server = await ScriptedServer.StartAsync(Echo(status, type, body));
        var words = await SayAllAsync(server.Url);

        Assert.Contains(_said, said => said.Contains(Canary.AppKey, StringComparison.Ordinal));
        Assert.Contains(server.Requests, request => request.Headers.Authorization == $"Bearer {Canary.AppKey}");
        Assert.All(words, text => Canary.AssertNone(text, "stdout or stderr"));
        Assert.All(Canary.Files(_folder), file => Canary.AssertNone(file.Value, file.Key));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/html")]
    [InlineData(null)]
    public async Task Peoples_data_in_an_answer_that_breaks_off_is_said_by_no_command(string? type)
    {
        await using var server = await ScriptedServer.StartAsync(Echo(200, type, People));
        var words = await SayAllAsync(server.Url);

        Assert.Contains(_said, said => said.Contains(Canary.Email, StringComparison.Ordinal));
        Assert.All(words, text => Assert.Contains("not JSON", text, StringComparison.Ordinal));
        Assert.All(words, text => Canary.AssertNone(text, "stdout or stderr"));
    }

    [Fact]
    public async Task A_key_is_in_no_error_of_a_server_that_hangs_breaks_off_or_is_not_there()
    {
        await using var hanging = await ScriptedServer.StartAsync(Replies.Hang("{\"workspaces\": [" + Canary.Email));
        await using var breaking = await ScriptedServer.StartAsync(Replies.Reset());
        foreach (var url in new[] { hanging.Url, breaking.Url, NobodyThere() })
        {
            var attempts = new List<string>();
            var error = await Assert.ThrowsAsync<SluiceException>(() => RunAsync(url, attempts));

            Assert.NotNull(error.InnerException);
            Assert.NotEmpty(attempts);
            Canary.AssertNone($"{error}{error.Hint}{string.Concat(attempts)}", $"the error of {url}");
        }

        Assert.All(hanging.Requests.Concat(breaking.Requests), request => Assert.Equal($"Bearer {Canary.AppKey}", request.Headers.Authorization));
    }

    // Text and JSON, with all that debugging tells, and both commands that talk to Customer.io.
    private async Task<List<string>> SayAllAsync(Uri url)
    {
        string[][] commands =
        [
            ["ingest", "--source-table", "customers", "--debug"],
            ["ingest", "--source-table", "customers", "--debug", "--log-format", "json", "--json"],
            ["ingest", "--source-table", "customers", "--debug", "--dry-run"],
            ["check", "--debug"],
        ];
        var words = new List<string>();
        foreach (var command in commands)
        {
            words.Add(await SayAsync(url, [.. command, "--dest-uri", $"duckdb:///{Path.Combine(_folder, "out.duckdb")}"]));
        }

        return words;
    }

    private async Task<string> SayAsync(Uri url, string[] arguments)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CUSTOMERIO_APP_API_KEY"] = Canary.AppKey,
            ["CUSTOMERIO_SITE_ID"] = Canary.SiteId,
            ["CUSTOMERIO_TRACK_API_KEY"] = Canary.TrackKey,
            ["CUSTOMERIO_BASE_URL"] = url.ToString(),
            ["CUSTOMERIO_TRACK_BASE_URL"] = url.ToString(),
            ["SLUICE_HOME"] = Path.Combine(_folder, "work"),
            ["SLUICE_PROGRESS"] = "none",
            ["SLUICE_MASK"] = "email:sha256,name:redact",
            ["SLUICE_MASK_SALT"] = Canary.Salt,
        };
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        // A check has a short timeout, which a clock that jumps would jump over; it also tries only twice.
        TimeProvider time = arguments[0] == "check" ? TimeProvider.System : new InstantTime();
        var code = await Application.RunAsync(
            arguments,
            new ToolHarness(environment).Host with
            {
                Out = output,
                Error = error,
                Folder = _folder,
                Time = time,
            });

        // A plan does without the list of workspaces, and a check does, too, if the key is known.
        Assert.True(
            code != ExitCode.Done || !arguments.Contains("ingest") || arguments.Contains("--dry-run"),
            $"{string.Join(' ', arguments)} ended with 0.");
        return $"{output}{error}";
    }

    private async Task RunAsync(Uri url, List<string> attempts)
    {
        using var client = new CustomerIoClient(Clients.Options(url) with
        {
            AppApiKey = Canary.AppKey,
            SiteId = Canary.SiteId,
            TrackApiKey = Canary.TrackKey,
            AttemptTimeout = TimeSpan.FromMilliseconds(300),
            MaxAttempts = 1,
        })
        { Observer = attempt => attempts.Add($"{attempt}") };
        var mistakes = new ValidationErrors();
        var settings = new SettingWords().Say("--source-table", "customers");
        var request = IngestRequestReader.Read(settings, "test", mistakes) with { WorkFolder = Path.Combine(_folder, "work") };
        await using var destination = await DestinationRegistry.OpenAsync(
            $"duckdb:///{Path.Combine(_folder, "run.duckdb")}",
            TestContext.Current.CancellationToken);
        await new IngestRun(request, Workspace.Alone(request, client), destination, TimeProvider.System).RunAsync(
            TestContext.Current.CancellationToken);
    }

    private static Uri NobodyThere()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    private RequestDelegate Echo(int status, string? type, string body) => async context =>
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        var text = body.Replace("AUTH", $"{authorization} {authorization.Split(' ')[^1]}", StringComparison.Ordinal);
        lock (_said)
        {
            _said.Add(text);
        }

        context.Response.Headers["X-Echo"] = authorization;
        if (status == 301)
        {
            context.Response.Headers.Location = $"https://api-eu.customer.io/?key={Uri.EscapeDataString(authorization)}";
        }

        await Replies.Bytes(Encoding.UTF8.GetBytes(text), status, type)(context);
    };
}
