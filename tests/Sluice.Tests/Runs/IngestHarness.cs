using DuckDB.NET.Data;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Simulator;
using Sluice.Tests.DuckDb;
using Xunit;

namespace Sluice.Tests.Runs;

/// <summary>A simulator, a DuckDB file and a work folder for one test.</summary>
internal sealed class IngestHarness : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-test-").FullName;

    private IngestHarness(SimulatorServer simulator, SimulatorOptions options)
    {
        Simulator = simulator;
        Options = options;
    }

    public SimulatorServer Simulator { get; }

    public SimulatorOptions Options { get; }

    public string File => Path.Combine(_folder, "out.duckdb");

    public string WorkFolder => Path.Combine(_folder, "work");

    public string DestinationUri => $"duckdb:///{File}";

    public static async Task<IngestHarness> StartAsync(SimulatorOptions? options = null)
    {
        options ??= new SimulatorOptions { Customers = 120, RequestsPerSecond = 0 };
        return new IngestHarness(await SimulatorServer.StartAsync(options, TestContext.Current.CancellationToken), options);
    }

    public CustomerIoClient Client(double rate = 10_000) => new(new CustomerIoOptions
    {
        AppApiKey = Options.AppApiKey,
        BaseUrl = Simulator.BaseAddress,
        RequestsPerSecond = rate,
    });

    public static IReadOnlyList<TableJob> Jobs(params string[] tables) => [.. tables.Select(Job)];

    public static TableJob Job(string table)
    {
        var name = TableName.Parse(table, ResourceCatalog.Default);
        var resource = ResourceCatalog.Default.Find(name.Resource)!;
        return new TableJob
        {
            Source = name,
            Resource = resource,
            Table = name.TableIdentifier,
            Strategy = resource.DefaultStrategy,
            PrimaryKey = resource.PrimaryKey,
            IncrementalKey = resource.CursorColumn,
        };
    }

    /// <summary>A table that is asked for with options, written as <c>type=email,push</c>.</summary>
    public static TableJob JobWith(string table, params string[] words)
    {
        var mistakes = new ValidationErrors();
        var job = Job(table);
        var options = new OptionReader(job.Source, mistakes).Read(OptionWords.Read(new Said(IngestSettings.Options, words, mistakes)));
        mistakes.ThrowIfAny();
        return job with { Options = options, Resource = ConfiguredResource.With(job.Resource, options, WhereFilter.None) };
    }

    public static IReadOnlyList<TableJob> AllJobs() =>
        [
            .. ResourceCatalog
                .Default.Resources.Where(resource => resource.Reading != ReadingKind.Export)
                .Select(resource => Job(resource.TakesPeriod ? $"{resource.Name}:days" : resource.Name)),
        ];

    public IngestRequest Request(params IReadOnlyList<TableJob> jobs) => new() { Tables = jobs, WorkFolder = WorkFolder, PairId = "test" };

    public async Task<RunReport> IngestAsync(IngestRequest request, double rate = 10_000)
    {
        using var client = Client(rate);
        await using var destination = await DestinationRegistry.OpenAsync(DestinationUri, TestContext.Current.CancellationToken);
        return await new IngestRun(request, Workspace.Alone(request, client), destination, TimeProvider.System).RunAsync(
            TestContext.Current.CancellationToken);
    }

    public Task<RunReport> IngestAsync(params string[] tables) => IngestAsync(Request(Jobs(tables)));

    /// <summary>Changes the pretend Customer.io's world.</summary>
    public Task ChangeAsync(string json) => PostAsync("/_sim/change", json);

    /// <summary>Moves the pretend Customer.io's clock.</summary>
    public Task AdvanceAsync(string span) => PostAsync("/_sim/clock", $$"""{"advance":"{{span}}"}""");

    public Task FaultsAsync(params string[] faults) =>
        PostAsync("/_sim/faults", $$"""{"faults":[{{string.Join(',', faults.Select(fault => $"\"{fault}\""))}}]}""");

    public object? Scalar(string sql) => Query(sql)[0][0];

    public void Execute(string sql) => Query(sql + "; SELECT 1");

    private async Task PostAsync(string path, string json)
    {
        using var http = new HttpClient { BaseAddress = Simulator.BaseAddress };
        using var answer = await http.PostAsync(
            new Uri(path, UriKind.Relative),
            new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public IReadOnlyList<IReadOnlyList<object?>> Query(string sql)
    {
        using var connection = new DuckDBConnection($"Data Source={File}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<IReadOnlyList<object?>>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.Value(i))]);
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await Simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
