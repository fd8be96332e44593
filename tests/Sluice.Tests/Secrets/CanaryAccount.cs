using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Simulator;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Secrets;

/// <summary>A simulated account whose keys, webhook and people are canaries.</summary>
internal sealed class CanaryAccount : IAsyncDisposable
{
    public static readonly string[] Masks = ["email:sha256", "recipient:partial", "phone?:redact", "first_name?:redact"];

    private CanaryAccount(IngestHarness bench) => Bench = bench;

    public IngestHarness Bench { get; }

    public string CioId { get; private set; } = "";

    public static async Task<CanaryAccount> StartAsync(SimulatorOptions? options = null)
    {
        var bench = await IngestHarness.StartAsync(
            (
                options
                ?? new SimulatorOptions
                {
                    Customers = 80,
                    RequestsPerSecond = 0,
                    FreezeClock = true,
                }
            ) with
            {
                // Metrics know nobody, and those of many actions take most of the time.
                Campaigns = 6,
                ActionsPerCampaign = 4,
                AppApiKey = Canary.AppKey,
                SiteId = Canary.SiteId,
                TrackApiKey = Canary.TrackKey,
            });
        var account = new CanaryAccount(bench);
        await account.PlaceAsync();
        return account;
    }

    public IngestRequest Request(IEnumerable<string> masks, params string[] tables)
    {
        var mistakes = new ValidationErrors();
        var settings = new SettingWords()
            .Say("--source-table", string.Join(',', tables))
            .Say("--mask", masks)
            .Say(IngestSettings.MaskSalt, Canary.Salt);
        var request = IngestRequestReader.Read(settings, "test", mistakes) with { WorkFolder = Bench.WorkFolder };
        mistakes.ThrowIfAny();
        return request;
    }

    public CustomerIoClient Client(Action<AttemptRecord>? observer = null) => new(new CustomerIoOptions
    {
        AppApiKey = Canary.AppKey,
        SiteId = Canary.SiteId,
        TrackApiKey = Canary.TrackKey,
        BaseUrl = Bench.Simulator.BaseAddress,
        TrackBaseUrl = Bench.Simulator.BaseAddress,
        RequestsPerSecond = 10_000,
    })
    { Observer = observer };

    public async Task<RunReport> IngestAsync(IngestRequest request, Action<AttemptRecord>? observer = null, CancellationToken cancel = default)
    {
        using var client = Client(observer);
        await using var destination = await DestinationRegistry.OpenAsync(Bench.DestinationUri, CancellationToken.None);
        return await new IngestRun(request, Workspace.Alone(request, client), destination, TimeProvider.System).RunAsync(cancel);
    }

    /// <summary>Stops a run once it has pages in its spool and so many answers.</summary>
    /// <param name="request">What is read.</param>
    /// <param name="answers">How many answers there are at least.</param>
    /// <param name="stored">What must stand in a file by then: an answer that has come need not have been written yet.</param>
    public async Task<RunReport> StopAfterAsync(IngestRequest request, int answers, string? stored = null)
    {
        using var stop = new CancellationTokenSource();
        var answered = 0;
        return await IngestAsync(
            request,
            _ =>
            {
                if (Interlocked.Increment(ref answered) >= answers && !stop.IsCancellationRequested && (stored is null || IsStored(stored)))
                {
                    stop.Cancel();
                }
            },
            stop.Token);
    }

    private bool IsStored(string text)
    {
        try
        {
            return Canary.Files(Bench.WorkFolder).Values.Any(file => file.Contains(text, StringComparison.Ordinal));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            // A file that has done its work is removed at any moment: the next answer looks again.
            return false;
        }
    }

    /// <summary>All values of all tables, Sluice's own among them, one a line.</summary>
    public string Tables()
    {
        // In one statement: each opens the file anew.
        var tables = Bench.Query("SELECT schema_name, table_name FROM duckdb_tables()")
            .Select(table => $"SELECT '{table[1]}: ' || to_json(t)::VARCHAR FROM \"{table[0]}\".\"{table[1]}\" t");
        return string.Join('\n', Bench.Query(string.Join(" UNION ALL ", tables)).Select(row => row[0]));
    }

    public async Task<string> AskAsync(string path)
    {
        using var http = new HttpClient { BaseAddress = Bench.Simulator.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Canary.AppKey);
        return await http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();

    // A person with deliveries is given the canaries, so that they come in every table that tells of people.
    private async Task PlaceAsync()
    {
        var recipients = Bench.Simulator.World.Rows("messages").Where(row => row.GetProperty("type").GetString() == "email")
            .Select(row => row.GetProperty("customer_identifiers")).First(ids => ids.GetProperty("email").ValueKind == JsonValueKind.String);
        CioId = recipients.GetProperty("cio_id").GetString()!;
        var attributes = new JsonObject { ["email"] = Canary.Email, ["phone"] = Canary.Phone, ["first_name"] = Canary.FirstName };
        await SendAsync("POST", "/_sim/change", new JsonObject { ["op"] = "update-person", ["cio_id"] = CioId, ["attributes"] = attributes });
        var change = new JsonObject
        {
            ["email"] = new JsonObject { ["from"] = Canary.OldEmail, ["to"] = Canary.Email },
            ["more"] = new JsonArray(new JsonObject { ["Phone"] = new JsonArray(Canary.Phone) }),
        };
        await SendAsync(
            "POST",
            "/_sim/change",
            new JsonObject
            {
                ["op"] = "add-activity",
                ["cio_id"] = CioId,
                ["type"] = "attribute_change",
                ["data"] = change,
            });
        await SendAsync(
            "PUT",
            "/v1/reporting_webhooks/2",
            new JsonObject
            {
                ["name"] = "w",
                ["endpoint"] = Canary.Endpoint,
                ["events"] = new JsonArray("email_sent"),
            });
    }

    private async Task SendAsync(string method, string path, JsonObject body)
    {
        using var http = new HttpClient { BaseAddress = Bench.Simulator.BaseAddress };
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Canary.AppKey);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
