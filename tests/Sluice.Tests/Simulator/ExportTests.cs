using System.IO.Compression;
using System.Text.Json;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>An export is asked for, waited for and fetched by a link that wants no key.</summary>
public sealed class ExportTests
{
    private static readonly object Everybody = new
    {
        filters = new { attribute = new { field = "cio_id", @operator = "exists" } },
        attributes = new[] { "Name", "essay" },
    };

    [Theory]
    [InlineData("csv")]
    [InlineData("gzip")]
    [InlineData("zip")]
    public async Task The_file_holds_everybody_in_the_form_asked_for(string form)
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { ExportFormat = form });
        var link = await LinkAsync(simulator, "/v1/exports/customers", Everybody);
        var bytes = await simulator.Anyone.GetByteArrayAsync(link);
        using var text = new StreamReader(Open(form, bytes));
        var csv = await text.ReadToEndAsync();
        Assert.StartsWith("id,email,cio_id,created_at,Name,essay\r\n", csv, StringComparison.Ordinal);
        Assert.All(CioIds(simulator), id => Assert.Contains(id, csv, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_export_is_pending_first_and_cannot_be_downloaded_then()
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { ExportPolls = 2 });
        var export = (await simulator.PostAsync("/v1/exports/customers", Everybody)).GetProperty("export");
        Assert.Equal("pending", export.GetProperty("status").GetString());
        var id = export.GetProperty("id").GetInt32();
        Assert.Equal(400, await simulator.StatusAsync($"/v1/exports/{id}/download"));
        Assert.Equal("pending", await StatusAsync(simulator, id));
        Assert.Equal("done", await StatusAsync(simulator, id));
        Assert.Equal(200, await simulator.StatusAsync($"/v1/exports/{id}/download"));
    }

    [Fact]
    public async Task The_link_refuses_the_key_and_expires_after_a_quarter_of_an_hour()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var link = await LinkAsync(simulator, "/v1/exports/deliveries", new { campaign_id = 1 });
        Assert.Equal(400, (await simulator.SendAsync(HttpMethod.Get, link)).Status);
        Assert.Equal(200, (await simulator.SendAsync(HttpMethod.Get, link, null, simulator.Anyone)).Status);
        Assert.Equal(403, (await simulator.SendAsync(HttpMethod.Get, link[..^1] + "!", null, simulator.Anyone)).Status);
        await simulator.PostAsync("/_sim/clock", new { advance = "16m" });
        Assert.Equal(403, (await simulator.SendAsync(HttpMethod.Get, link, null, simulator.Anyone)).Status);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"campaign_id":1,"newsletter_id":1}""")]
    [InlineData("""{"broadcast_id":13}""")]
    [InlineData("""{"campaign_id":1,"metric":"loved"}""")]
    public async Task Deliveries_are_exported_for_exactly_one_parent(string body)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        Assert.Equal(400, (await simulator.SendAsync(HttpMethod.Post, "/v1/exports/deliveries", body)).Status);
    }

    [Fact]
    public async Task Drafts_are_exported_with_what_was_sent()
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { Messages = 3000 });
        var sent = await TotalAsync(simulator, new { campaign_id = 1 });
        var both = await TotalAsync(simulator, new { campaign_id = 1, drafts = true });
        Assert.True(sent > 0);
        Assert.True(both > sent);
        var listed = await simulator.WalkAsync("/v1/campaigns/1/messages?limit=1000", "messages");
        Assert.Equal(listed.Count, sent);
    }

    private static IEnumerable<string> CioIds(SimulatorHarness simulator)
        => simulator.World.Rows("customers").Select(row => row.GetProperty("cio_id").GetString()!).ToList();

    private static Stream Open(string form, byte[] bytes) => form switch
    {
        "gzip" => new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress),
        "zip" => new ZipArchive(new MemoryStream(bytes)).Entries[0].Open(),
        _ => new MemoryStream(bytes),
    };

    private static async Task<string> StatusAsync(SimulatorHarness simulator, int id)
        => (await simulator.GetAsync($"/v1/exports/{id}")).GetProperty("export").GetProperty("status").GetString()!;

    private static async Task<JsonElement> DoneAsync(SimulatorHarness simulator, string path, object body)
    {
        var id = (await simulator.PostAsync(path, body)).GetProperty("export").GetProperty("id").GetInt32();
        await StatusAsync(simulator, id);
        return (await simulator.GetAsync($"/v1/exports/{id}")).GetProperty("export");
    }

    private static async Task<int> TotalAsync(SimulatorHarness simulator, object body)
        => (await DoneAsync(simulator, "/v1/exports/deliveries", body)).GetProperty("total").GetInt32();

    private static async Task<string> LinkAsync(SimulatorHarness simulator, string path, object body)
    {
        var export = await DoneAsync(simulator, path, body);
        return (await simulator.GetAsync($"/v1/exports/{export.GetProperty("id").GetInt32()}/download")).GetProperty("url").GetString()!;
    }
}
