using System.Text.Json.Nodes;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine.Load;
using Sluice.Tests.DuckDb;
using Sluice.Tests.Simulator;
using Sluice.Writes.Sync;
using Xunit;

namespace Sluice.Tests.Writes.Sync;

/// <summary>A database of a test.</summary>
internal interface ITwoWayDatabase : IAsyncDisposable
{
    string Uri { get; }

    /// <summary>Runs statements, and gives the rows of the last one: a line for each, columns separated by |.</summary>
    Task<string> RunAsync(string sql);

    /// <summary>The type of a column of this kind, in the database's words.</summary>
    string Type(JsonForm form);
}

/// <summary>A table and the collection <c>stock</c> of a simulated workspace, with requests that can be spoilt.</summary>
internal sealed class TwoWayBench : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private TwoWayBench(SimulatorHarness simulator, TemporaryFolder folder, ITwoWayDatabase database) =>
        (Simulator, _folder, Database) = (simulator, folder, database);

    public SimulatorHarness Simulator { get; }

    public ITwoWayDatabase Database { get; }

    public string Folder => _folder.FullPath;

    public string Work => _folder.File("work");

    public string? Id { get; private set; }

    public void Forget() => Id = null;

    public TwoWaySettings Settings => new()
    {
        Name = "stock",
        Workspace = "test",
        WorkspaceIdentity = "test",
        Database = "warehouse",
        DatabaseIdentity = "warehouse",
        Table = "stock",
        OpenAsync = (isToWrite, cancel) => DestinationRegistry.OpenTableAsync(Database.Uri, "stock", isToWrite, cancel),
        Collection = "stock",
        MakingCommand = "sluice query",
        Key = ["sku"],
        WorkFolder = Work,
        Patience = TimeSpan.Zero,
    };

    public static async Task<TwoWayBench> StartAsync(Func<string, ITwoWayDatabase> database)
    {
        var folder = new TemporaryFolder();
        return new TwoWayBench(await SimulatorHarness.StartAsync(), folder, database(folder.FullPath));
    }

    /// <summary>Makes the collection, or replaces its rows.</summary>
    public async Task PutAsync(string rows)
    {
        var (status, body) = Id is null
            ? await Simulator.SendAsync(HttpMethod.Post, "/v1/collections", $$"""{"name":"stock","data":{{rows}}}""")
            : await Simulator.SendAsync(HttpMethod.Put, $"/v1/collections/{Id}/content", rows);
        Assert.True(status == 200, body);
        Id ??= JsonNode.Parse(body)!["collection"]!["id"]!.ToString();
    }

    public async Task<JsonArray> RowsAsync()
    {
        using var answer = await Simulator.Client.GetAsync($"/v1/collections/{Id}/content");
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray();
    }

    /// <summary>The collection's rows in a line each, in the order of their text.</summary>
    public async Task<string> TextAsync() =>
        string.Join('\n', (await RowsAsync()).Select(row => row!.ToJsonString()).Order(StringComparer.Ordinal));

    public async Task<TwoWayReport> RunAsync(TwoWaySettings? settings = null, HttpMessageHandler? handler = null)
    {
        using var client = Client(handler);
        return await new TwoWayRun(settings ?? Settings, client, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
    }

    public async Task<TwoWayReport> PlanAsync(TwoWaySettings? settings = null, HttpMessageHandler? handler = null)
    {
        using var client = Client(handler);
        return await new TwoWayRun(settings ?? Settings, client, TimeProvider.System).PlanAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Runs once more, and sees that nothing is sent, nothing is written, and nothing is left to do.</summary>
    public async Task AssertQuietAsync(TwoWaySettings? settings = null)
    {
        var state = StateFiles().ToDictionary(path => path, File.ReadAllText, StringComparer.Ordinal);
        using var handler = new CountingHandler();
        var isWritten = false;
        var report = await RunAsync(
            (settings ?? Settings) with
            {
                OpenAsync = (isToWrite, cancel) =>
                {
                    isWritten |= isToWrite;
                    return DestinationRegistry.OpenTableAsync(Database.Uri, "stock", isToWrite, cancel);
                },
            },
            handler);
        Assert.Empty(report.Moved);
        Assert.Equal((0, false), (handler.Writes, isWritten));
        Assert.Equal(state, StateFiles().ToDictionary(path => path, File.ReadAllText, StringComparer.Ordinal));
    }

    public IReadOnlyList<string> StateFiles() =>
        [.. Directory.GetFiles(Path.Combine(Work, "two-way")).Where(path => Path.GetFileName(path).Length == "0123456789abcdef.json".Length)];

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Simulator.DisposeAsync();
        _folder.Dispose();
    }

    private CustomerIoClient Client(HttpMessageHandler? handler) => new(
        new CustomerIoOptions { AppApiKey = "sim-app-key", BaseUrl = Simulator.Server.BaseAddress, RequestsPerSecond = 10_000 }, handler: handler);
}

/// <summary>Counts requests that change something, and does something before or after one.</summary>
internal sealed class CountingHandler : DelegatingHandler
{
    public CountingHandler()
        : base(new SocketsHttpHandler())
    {
    }

    public int Writes { get; private set; }

    public int Reads { get; private set; }

    public Func<int, Task>? BeforeRead { get; init; }

    public Action? BeforeWrite { get; init; }

    public Action? AfterWrite { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get)
        {
            Reads++;
            await (BeforeRead?.Invoke(Reads) ?? Task.CompletedTask);
            return await base.SendAsync(request, cancellationToken);
        }

        Writes++;
        BeforeWrite?.Invoke();
        var answer = await base.SendAsync(request, cancellationToken);
        AfterWrite?.Invoke();
        return answer;
    }
}

/// <summary>A table whose process ends at its commit.</summary>
internal sealed class KilledTable(IEditableTable table, bool isCommitted) : IEditableTable
{
    public IReadOnlyList<EditableColumn> Columns => table.Columns;

    public string AddColumn(string name, JsonForm form) => table.AddColumn(name, form);

    public Task<IReadOnlyList<JsonObject>> ReadAsync(IReadOnlyList<string> columns, int most, CancellationToken cancel) =>
        table.ReadAsync(columns, most, cancel);

    public Task ChangeAsync(RowEdit edit, CancellationToken cancel) => table.ChangeAsync(edit, cancel);

    public async Task CommitAsync()
    {
        if (isCommitted)
        {
            await table.CommitAsync();
        }

        throw new KilledException();
    }

    public ValueTask DisposeAsync() => table.DisposeAsync();
}

/// <summary>Stands for the end of a process: nothing is tidied up behind it.</summary>
internal sealed class KilledException : Exception;
