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
    string Type(ValueForm form);
}

/// <summary>A table and the collection <c>stock</c> of a simulated workspace, with requests that can be spoilt and a commit that can be killed.</summary>
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

    public string AddColumn(string name, ValueForm form) => table.AddColumn(name, form);

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

/// <summary>Values at random, as the two sides may hold them.</summary>
internal sealed class RandomRows(int seed)
{
    private readonly Random _random = new(seed);

    public static IReadOnlyDictionary<string, ValueForm> Columns { get; } = new Dictionary<string, ValueForm>(StringComparer.Ordinal)
    {
        ["n"] = ValueForm.Number,
        ["f"] = ValueForm.Double,
        ["b"] = ValueForm.Flag,
        ["t"] = ValueForm.Text,
        ["at"] = ValueForm.Time,
        ["day"] = ValueForm.Date,
        ["j"] = ValueForm.Json,
    };

    public int Next(int most) => _random.Next(most);

    /// <summary>A row of a collection, in any of the ways in which its values can be written; members may be missing or null.</summary>
    public JsonObject Row(string key)
    {
        var row = new JsonObject { ["sku"] = key };
        foreach (var (name, form) in Columns)
        {
            switch (_random.Next(6))
            {
                case 0:
                    break;
                case 1:
                    row[name] = null;
                    break;
                default:
                    row[name] = JsonNode.Parse(Value(form));
                    break;
            }
        }

        return row;
    }

    /// <summary>A value as JSON text.</summary>
    public string Value(ValueForm form) => form switch
    {
        ValueForm.Number => One("0", "-0", "1.0", "\"5\"", "12e2", "-7.25", "99999999.123", "\"007\""),
        ValueForm.Double => One("0.1", "1e20", "-2.5E-7", "3", "\"0.25\"", "123456.789"),
        ValueForm.Flag => One("true", "false", "1", "0", "\"true\""),
        ValueForm.Time => One(
            "\"2024-05-01T10:00:00Z\"", "\"2024-05-01T12:00:00.5+02:00\"", "1714557600", "\"2024-05-01 10:00:00\"", "\"2024-02-29\"",
            "1714557600.25"),
        ValueForm.Date => One("\"2024-05-01\"", "\"2024-05-02T00:00:00Z\"", "1714521600"),
        ValueForm.Json => One("{\"b\":1.0,\"a\":[null,true]}", "[]", "{\"x\":{\"y\":\"z\"}}", "[1,2.50]"),
        _ => One("\"\"", "\" x \"", "\"Zoë \\\"🦊\\\"\"", "\"O'Neil; --\"", "\"1.0\"", "\"null\"", "\"2024-05-01\"", "\"a\\nb\""),
    };

    private string One(params string[] all) => all[_random.Next(all.Length)];
}

/// <summary>What holds on every database.</summary>
internal static class TwoWayPromise
{
    public static string Create(ITwoWayDatabase database) =>
        $"CREATE TABLE stock (sku {database.Type(ValueForm.Text)}, "
            + string.Join(", ", RandomRows.Columns.Select(column => $"{column.Key} {database.Type(column.Value)}")) + ")";

    /// <summary>Rows that change at random on both sides are the same after a run, and a second run has nothing to do.</summary>
    public static async Task AssertSameAsync(TwoWayBench bench, int seed)
    {
        var random = new RandomRows(seed);
        var settings = bench.Settings with { Deletes = true, MostDeletes = new DeletionLimit(100, true), Prefer = Preference.Database };
        await bench.Database.RunAsync(Create(bench.Database));
        await bench.PutAsync(Text(Enumerable.Range(0, 12).Select(n => random.Row($"k{n}"))));
        await bench.RunAsync(settings);
        await bench.AssertQuietAsync(settings);
        for (var round = 0; round < 2; round++)
        {
            // Rows are moved to other keys in the table, and get other values in the collection.
            await bench.Database.RunAsync(
                $"UPDATE stock SET sku = sku || '-{round}' WHERE sku LIKE '%{random.Next(3) + 1}'; UPDATE stock SET t = 'r{round}' WHERE sku = 'k0'");
            var rows = (await bench.RowsAsync()).Select(row => random.Next(3) == 0 ? random.Row(row!["sku"]!.ToString()) : row!.DeepClone()).ToList();
            await bench.PutAsync(Text([.. rows, random.Row($"new{round}")]));
            Assert.Equal(0, (await bench.RunAsync(settings)).ExitCode);
            await bench.AssertQuietAsync(settings);
            Assert.Equal(
                await bench.Database.RunAsync("SELECT sku FROM stock ORDER BY sku"),
                string.Join('\n', (await bench.RowsAsync()).Select(row => row!["sku"]!.ToString()).Order(StringComparer.Ordinal)));
        }
    }

    /// <summary>Killed at a place that the seed chooses, the same command ends with the same two sides.</summary>
    public static async Task AssertSurvivesAsync(TwoWayBench bench, int seed)
    {
        await bench.Database.RunAsync(
            $"CREATE TABLE stock (sku {bench.Database.Type(ValueForm.Text)}, n {bench.Database.Type(ValueForm.Number)}); "
                + "INSERT INTO stock VALUES ('a', 1), ('b', 2), ('c', 3), ('d', 4), ('e', 5)");
        await bench.PutAsync("[]");
        var settings = bench.Settings with { Deletes = true, MostDeletes = new DeletionLimit(50, true) };
        await bench.RunAsync(settings);
        await bench.Database.RunAsync("UPDATE stock SET n = 10 WHERE sku = 'a'; DELETE FROM stock WHERE sku = 'b'; INSERT INTO stock VALUES ('f', 6)");
        await bench.PutAsync("""[{"sku":"a","n":1},{"sku":"b","n":2},{"sku":"c","n":30},{"sku":"e","n":5},{"sku":"g","n":7}]""");

        await Assert.ThrowsAsync<KilledException>(() => KillAsync(bench, settings, seed % 4));
        var isEdited = seed / 4 % 2 == 1;
        if (isEdited)
        {
            // What somebody changes after the kill is no conflict with what the killed run has done.
            await bench.Database.RunAsync("UPDATE stock SET n = 100 WHERE sku = 'a'");
        }

        var report = await bench.RunAsync(settings);

        Assert.Equal(0, report.ExitCode);
        Assert.Equal(
            $"a|{(isEdited ? 100 : 10)}\nc|30\ne|5\nf|6\ng|7", await bench.Database.RunAsync("SELECT sku, n FROM stock ORDER BY sku"));
        Assert.Equal(
            [$"a{(isEdited ? 100 : 10)}", "c30", "e5", "f6", "g7"],
            (await bench.RowsAsync()).Select(row => $"{row!["sku"]}{row["n"]}").Order(StringComparer.Ordinal));
        await bench.AssertQuietAsync(settings);
    }

    private static async Task KillAsync(TwoWayBench bench, TwoWaySettings settings, int place)
    {
        using var handler = new CountingHandler
        {
            BeforeWrite = place == 0 ? () => throw new KilledException() : null,
            AfterWrite = place == 1 ? () => throw new KilledException() : null,
        };
        await bench.RunAsync(
            settings with
            {
                OpenAsync = async (isToWrite, cancel) => await settings.OpenAsync(isToWrite, cancel) is var table && isToWrite && place >= 2
                    ? new KilledTable(table, isCommitted: place == 3)
                    : table,
            },
            handler);
    }

    private static string Text(IEnumerable<JsonNode?> rows) => new JsonArray([.. rows.Select(row => row?.DeepClone())]).ToJsonString();
}
