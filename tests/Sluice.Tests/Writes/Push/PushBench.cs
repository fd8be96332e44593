using Sluice.Tests.Cli;
using Sluice.Writes.Import;
using Sluice.Writes.Push;
using Xunit;

namespace Sluice.Tests.Writes.Push;

/// <summary>Pushes of a CSV file into a simulated workspace, where requests that write are counted and can be spoilt.</summary>
internal sealed class PushBench(ImportBench imports) : IAsyncDisposable
{
    public const string File = "rows.csv";

    public ImportBench Imports => imports;

    /// <summary>Requests that wrote, of the last push.</summary>
    public int Requests { get; private set; }

    public static async Task<PushBench> StartAsync() => new(await ImportBench.StartAsync());

    public void Source(string text) => imports.Write(File, text);

    public PushSettings Settings(string into = "people", PushMode? mode = null, params string[] key) => new()
    {
        Name = "plans",
        Import = imports.Settings(File, into),
        Mode = mode,
        Key = key,
    };

    public async Task<PushReport> PushAsync(string csv, PushSettings settings, Func<int, Spoil>? rule = null)
    {
        Source(csv);
        return await PushAsync(settings, rule);
    }

    public async Task<PushReport> PushAsync(PushSettings settings, Func<int, Spoil>? rule = null)
    {
        var handler = new SpoiltWrites(rule ?? (_ => Spoil.Nothing));
        using var client = imports.Client(handler);
        await using var run = await PushRun.PrepareAsync(settings, client, TimeProvider.System, TestContext.Current.CancellationToken);
        try
        {
            return await run.RunAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            Requests = handler.Writes;
        }
    }

    /// <summary>What a push would do.</summary>
    public async Task<PushPlan> PlanAsync(PushSettings settings)
    {
        using var client = imports.Client(new SpoiltWrites(_ => throw new InvalidOperationException("Something was sent.")));
        await using var run = await PushRun.PrepareAsync(
            settings with { IsDryRun = true }, client, TimeProvider.System, TestContext.Current.CancellationToken);
        return await run.PlanAsync(TestContext.Current.CancellationToken);
    }

    public async Task<PushAuditReport> AuditAsync(PushSettings settings, VerifyMode verify = VerifyMode.Sample)
    {
        using var client = imports.Client(new SpoiltWrites(_ => throw new InvalidOperationException("Something was sent.")));
        var import = settings.Import with { Verify = verify, VerifyPatience = TimeSpan.Zero };
        await using var run = await PushRun.PrepareAsync(
            settings with { IsDryRun = true, Import = import }, client, TimeProvider.System, TestContext.Current.CancellationToken);
        return await run.AuditAsync(TestContext.Current.CancellationToken);
    }

    public string? Value(string person, string attribute) => imports.Person(person)?.GetValueOrDefault(attribute);

    /// <summary>A manual segment's name and id.</summary>
    public async Task<(string Name, string Id)> SegmentAsync()
    {
        var all = (await imports.Simulator.GetAsync("/v1/segments")).GetProperty("segments").EnumerateArray();
        var manual = all.First(one => one.GetProperty("type").GetString() == "manual");
        return (manual.GetProperty("name").GetString()!, manual.GetProperty("id").ToString());
    }

    /// <summary>The ids of a segment's members that begin with m.</summary>
    public async Task<IReadOnlyList<string>> MembersAsync(string segment)
    {
        var members = await imports.Simulator.GetAsync($"/v1/segments/{segment}/membership?limit=30000");
        return [.. members.GetProperty("identifiers").EnumerateArray().Select(one => one.GetProperty("id").GetString()!)
            .Where(id => id.StartsWith('m')).Order(StringComparer.Ordinal)];
    }

    /// <summary>The tool in the bench's folder, with a pipeline file whose pushes are given.</summary>
    public ToolHarness Tool(string pushes, string? answers = null)
    {
        imports.Write("sluice.yaml", $$"""
            version: 1
            workspaces:
              main:
                app_api_key: ${CUSTOMERIO_APP_API_KEY}
                site_id: ${CUSTOMERIO_SITE_ID}
                track_api_key: ${CUSTOMERIO_TRACK_API_KEY}
                base_url: ${CUSTOMERIO_BASE_URL}
                track_base_url: ${CUSTOMERIO_TRACK_BASE_URL}
                rate: 10000
            destinations: {crm: "duckdb:///{{imports.Folder}}/crm.duckdb"}
            pushes:
              {{pushes.ReplaceLineEndings("\n  ")}}
            """);
        return new ToolHarness(imports.Environment()) { Folder = imports.Folder, Answers = answers };
    }

    public ValueTask DisposeAsync() => imports.DisposeAsync();
}
