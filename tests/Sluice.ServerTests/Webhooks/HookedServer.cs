using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Server;
using Sluice.Server.Webhooks;
using Xunit;

namespace Sluice.ServerTests.Webhooks;

/// <summary>A server in a folder of its own, and who sends it webhooks: by the vendor's description, and by nothing of ours.</summary>
internal sealed class HookedServer : IAsyncDisposable
{
    public const string Key = "s1gning-k3y";
    public const string Plain = "tables: [campaigns, messages]";

    private readonly HttpClient _http = new();
    private readonly bool _isOwner;
    private string? _control;
    private TimeProvider _time = TimeProvider.System;
    private SluiceServer? _server;

    private HookedServer(string folder, bool isOwner) => (Folder, _isOwner) = (folder, isOwner);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public string Folder { get; }

    public Uri Address => _server!.Addresses[0];

    public WebhookStatus Status => Part<WebhookStatus>();

    public static Task<HookedServer> StartAsync(
        string sync = Plain, WebhookOptions? webhooks = null, string? key = Key, TimeProvider? time = null) =>
        StartFileAsync(Yaml(sync, "duckdb:///crm.duckdb"), webhooks, key, time: time);

    private static string Yaml(string sync, string destination) => $"""
        version: 1
        workspaces:
          main: {"{"}app_api_key: "${"{"}APP_KEY{"}"}", base_url: "http://127.0.0.1:9", webhook_signing_key: "${"{"}HOOK_KEY{"}"}"{"}"}
        destinations:
          warehouse: {destination}
        syncs:
          daily:
            {sync}
        """;

    public static async Task<HookedServer> StartFileAsync(
        string yaml, WebhookOptions? webhooks = null, string? key = Key, string? control = null, TimeProvider? time = null)
    {
        var server = new HookedServer(Directory.CreateTempSubdirectory("sluice-hooks-").FullName, isOwner: true)
        {
            _control = control,
            _time = time ?? TimeProvider.System,
        };
        var absolute = yaml.Replace("duckdb:///", $"duckdb:///{server.Folder}/", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "sluice.yaml"), absolute, Cancel);
        await server.BeginAsync(webhooks, key);
        return server;
    }

    /// <summary>Starts a server whose inbox is in PostgreSQL.</summary>
    public static Task<HookedServer> StartSharedAsync(string control, string? yaml = null) =>
        StartFileAsync(yaml ?? Yaml(Plain, "duckdb:///crm.duckdb"), control: control);

    /// <summary>Starts a server in a folder that is somebody else's.</summary>
    public static async Task<HookedServer> InAsync(string folder)
    {
        var server = new HookedServer(folder, isOwner: false);
        await server.BeginAsync(null, Key);
        return server;
    }

    /// <summary>Starts another one in the same folder, when this one is gone.</summary>
    public async Task RestartAsync()
    {
        await _server!.DisposeAsync();
        await BeginAsync(null, Key);
    }

    public T Part<T>()
        where T : notnull => _server!.Services.GetRequiredService<T>();

    public Task<long> FoldAsync() => Part<FoldLoop>().FoldDueAsync(everything: true, Cancel);

    public static string Sign(string key, string timestamp, byte[] body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), (byte[])[.. Encoding.UTF8.GetBytes($"v0:{timestamp}:"), .. body]));

    public Task<HttpStatusCode> SendAsync(string body, string workspace = "main") => SendAsync(Encoding.UTF8.GetBytes(body), workspace);

    public Task<HttpStatusCode> SendAsync(byte[] body, string workspace = "main")
    {
        var at = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return SendAsync(workspace, at, Sign(Key, at, body), body);
    }

    public async Task<HttpStatusCode> SendAsync(string workspace, string? timestamp, string? signature, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, $"/hooks/{workspace}")) { Content = new ByteArrayContent(body) };
        if (timestamp is not null)
        {
            request.Headers.TryAddWithoutValidation("X-CIO-Timestamp", timestamp);
        }

        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation("X-CIO-Signature", signature);
        }

        using var response = await _http.SendAsync(request, Cancel);
        return response.StatusCode;
    }

    /// <summary>Rows of a table of the warehouse, by their first column.</summary>
    public async Task<List<Dictionary<string, object?>>> ReadAsync(string table, string orderBy, string schema = "customerio")
    {
        await using var destination = await DestinationRegistry.OpenAsync($"duckdb:///{Path.Combine(Folder, "crm.duckdb")}", Cancel);
        await using var reader = await destination.ReadTableAsync(schema, table, [orderBy], Cancel);
        var rows = new List<Dictionary<string, object?>>();
        while (reader is not null && await reader.ReadAsync(Cancel))
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(
                reader.GetName, place => reader.IsDBNull(place) ? null : reader.GetValue(place), StringComparer.Ordinal));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (_isOwner)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private async Task BeginAsync(WebhookOptions? webhooks, string? key)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["APP_KEY"] = "app-key",
            ["HOOK_KEY"] = key,
            ["SLUICE_MASK_SALT"] = "salt",
            ["SLUICE_SECRET_KEY"] = _control is null ? null : Convert.ToBase64String(new byte[32]),
        };
        _server = await SluiceServer.StartAsync(
            new ServerOptions
            {
                Folder = Folder,
                Control = _control,
                Node = _control is null ? "alone" : Path.GetFileName(Folder),
                WorkFolder = Path.Combine(Folder, ".sluice"),
                Listen = new Uri("http://127.0.0.1:0"),
                Variables = variables.GetValueOrDefault,
                Time = _time,
                Webhooks = webhooks ?? new WebhookOptions { FoldEvery = TimeSpan.FromHours(1), FoldAt = int.MaxValue },
                OpenClient = (source, budget) => new CustomerIoClient(source.Client, budget: budget),
            },
            Cancel);
    }
}

/// <summary>A clock that shows what it is set to, and whose timers go on.</summary>
internal sealed class StandingClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow() => Now;
}
