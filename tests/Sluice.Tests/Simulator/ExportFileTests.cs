using System.Net.Http.Headers;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>The link to an export's file, as servers of files behave.</summary>
public sealed class ExportFileTests
{
    [Fact]
    public async Task A_part_is_given_from_the_byte_that_is_asked_for()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var link = await LinkAsync(simulator);
        using var whole = await GetAsync(simulator, link, null, null);
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        Assert.Equal("bytes", whole.Headers.AcceptRanges.Single());
        using var part = await GetAsync(simulator, link, 100, whole.Headers.ETag!.Tag);
        Assert.Equal(206, (int)part.StatusCode);
        Assert.Equal(bytes[100..], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal($"bytes 100-{bytes.Length - 1}/{bytes.Length}", part.Content.Headers.ContentRange!.ToString());
    }

    [Fact]
    public async Task A_part_of_another_version_is_the_whole()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        using var answer = await GetAsync(simulator, await LinkAsync(simulator), 100, "\"another\"");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.StartsWith("id,email", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_the_end_there_is_nothing()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        using var answer = await GetAsync(simulator, await LinkAsync(simulator), 1_000_000, null);
        Assert.Equal(416, (int)answer.StatusCode);
        Assert.Matches(@"^bytes \*/[0-9]+$", answer.Content.Headers.GetValues("Content-Range").Single());
    }

    [Theory]
    [InlineData(false, "stable", 200)]
    [InlineData(true, "changing", 200)]
    [InlineData(true, "stable", 206)]
    public async Task Servers_differ(bool ranges, string tags, int status)
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { ExportRanges = ranges, ExportETags = tags });
        var link = await LinkAsync(simulator);
        using var whole = await GetAsync(simulator, link, null, null);
        using var part = await GetAsync(simulator, link, 10, whole.Headers.ETag!.Tag);
        Assert.Equal(status, (int)part.StatusCode);
    }

    [Fact]
    public async Task A_large_file_is_sent_whole_and_in_parts()
    {
        await using var simulator = await SimulatorHarness.StartAsync(
            SimulatorHarness.Small with
            {
                Customers = 120_000,
                Messages = 10,
                Activities = 10,
            });
        var link = await LinkAsync(simulator);
        using var whole = await GetAsync(simulator, link, null, null);
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        Assert.True(bytes.Length > 5 * 1024 * 1024);
        Assert.Equal(bytes.Length, whole.Content.Headers.ContentLength);
        using var part = await GetAsync(simulator, link, 300_001, null);
        Assert.Equal(bytes[300_001..], await part.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task An_export_can_fail()
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { ExportFailures = 1 });
        var body = new { filters = new { attribute = new { field = "cio_id", @operator = "exists" } } };
        Assert.Equal("failed", (await simulator.PostAsync("/v1/exports/customers", body)).GetProperty("export").GetProperty("status").GetString());
        Assert.Equal("pending", (await simulator.PostAsync("/v1/exports/customers", body)).GetProperty("export").GetProperty("status").GetString());
    }

    private static async Task<string> LinkAsync(SimulatorHarness simulator)
    {
        var body = new { filters = new { attribute = new { field = "cio_id", @operator = "exists" } } };
        var id = (await simulator.PostAsync("/v1/exports/customers", body)).GetProperty("export").GetProperty("id").GetInt32();
        await simulator.GetAsync($"/v1/exports/{id}");
        await simulator.GetAsync($"/v1/exports/{id}");
        return (await simulator.GetAsync($"/v1/exports/{id}/download")).GetProperty("url").GetString()!;
    }

    private static async Task<HttpResponseMessage> GetAsync(SimulatorHarness simulator, string link, long? from, string? version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.Range = from is { } first ? new RangeHeaderValue(first, null) : null;
        request.Headers.IfRange = version is null ? null : new RangeConditionHeaderValue(new EntityTagHeaderValue(version));
        return await simulator.Anyone.SendAsync(request);
    }
}
