using System.Net;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>Requests are counted by arrival, each workspace for itself.</summary>
public sealed class BudgetTests
{
    [Theory]
    [InlineData("seconds")]
    [InlineData("date")]
    [InlineData("none")]
    public async Task Over_the_budget_is_a_429_with_the_retry_after_that_was_asked_for(string form)
    {
        // One request in a thousand seconds: however slow the machine, the second is over the budget.
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { RequestsPerSecond = 0.001, RetryAfter = form });
        Assert.Equal(200, await simulator.StatusAsync("/v1/campaigns"));
        using var refused = await simulator.Client.GetAsync("/v1/campaigns");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        var header = refused.Headers.RetryAfter;
        Assert.Equal(form == "seconds", header?.Delta is not null);
        Assert.Equal(form == "date", header?.Date is not null);
    }

    [Theory]
    [InlineData("2026-09", false)]
    [InlineData("2026-08", true)]
    public async Task A_used_up_quota_of_the_day_is_a_429_without_retry_after(string form, bool hasHeader)
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { ApiForm = form });
        var id = (await simulator.GetAsync("/v1/messages?limit=1")).GetProperty("messages")[0].GetProperty("id").GetString()!;
        var path = $"/v1/messages/{Uri.EscapeDataString(id)}/archived_message";
        for (var request = 0; request < 100; request++)
        {
            Assert.Equal(200, await simulator.StatusAsync(path));
        }

        using var refused = await simulator.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(hasHeader, refused.Headers.RetryAfter is not null);
        var detail = SimulatorHarness.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("errors")[0].GetProperty("detail").GetString()!;
        Assert.Equal(form == "2026-09", detail.StartsWith("rate limited to 100 requests per 86400s (reference ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2026-09", "invalid_credentials")]
    [InlineData("2026-08", null)]
    public async Task Some_errors_have_a_stable_code(string form, string? code)
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { ApiForm = form });
        var (status, body) = await simulator.SendAsync(HttpMethod.Get, "/v1/campaigns", null, simulator.Anyone);
        Assert.Equal(401, status);
        var error = SimulatorHarness.Parse(body).GetProperty("errors")[0];
        Assert.Equal(code, error.TryGetProperty("code", out var given) ? given.GetString() : null);
    }

    [Fact]
    public async Task Each_workspace_has_its_own_budget_and_control_and_addresses_have_none()
    {
        await using var simulator = await SimulatorHarness.StartAsync(
            SimulatorHarness.Small with { RequestsPerSecond = 0.001, ExtraKeys = ["other-key"] });
        Assert.Equal(200, await simulator.StatusAsync("/v1/campaigns"));
        Assert.Equal(429, await simulator.StatusAsync("/v1/campaigns"));
        Assert.Equal(200, await simulator.StatusAsync("/_sim/stats"));
        Assert.Equal(200, await simulator.StatusAsync("/v1/info/ip_addresses"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/campaigns");
        request.Headers.Add("Authorization", "Bearer other-key");
        using var answer = await simulator.Anyone.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_statistics_count_every_arrival_by_route_and_status()
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { RequestsPerSecond = 0.001 });
        var untouched = await simulator.GetAsync("/_sim/stats");
        Assert.Equal(0, untouched.GetProperty("requests").GetInt32());
        await simulator.StatusAsync("/v1/campaigns/1");
        await simulator.StatusAsync("/v1/campaigns/2");
        await simulator.StatusAsync("/v1/nowhere");
        var stats = await simulator.GetAsync("/_sim/stats");
        Assert.Equal(3, stats.GetProperty("requests").GetInt32());
        Assert.Equal(2, stats.GetProperty("byRoute").GetProperty("GET /v1/campaigns/{id}").GetInt32());
        Assert.Equal(1, stats.GetProperty("byStatus").GetProperty("429").GetInt32());
        Assert.Equal(1, stats.GetProperty("byStatus").GetProperty("404").GetInt32());
        Assert.InRange(stats.GetProperty("busiestSecond").GetInt32(), 1, 3);
        Assert.Equal(1.0 / 3, stats.GetProperty("rate429").GetDouble(), 6);
        await simulator.PostAsync("/_sim/stats/reset", new { });
        Assert.Equal(0, (await simulator.GetAsync("/_sim/stats")).GetProperty("requests").GetInt32());
        Assert.Equal(200, await simulator.StatusAsync("/v1/campaigns/1"));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Both_versions_of_http_are_spoken_on_one_port_and_gzip_when_asked(string version)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/campaigns")
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add("Accept-Encoding", "gzip");
        using var answer = await simulator.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(version, answer.Version.ToString());
        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        Assert.Equal(SimulatorHarness.Small.Now, answer.Headers.Date);
    }

    [Fact]
    public void A_tenth_request_a_second_is_one_every_ten_seconds_and_whole_rates_slide()
    {
        var window = Sluice.Simulator.Http.SlidingWindow.PerSecond(2)!;
        Assert.Null(window.Take(TimeSpan.FromSeconds(0)));
        Assert.Null(window.Take(TimeSpan.FromSeconds(0.9)));
        Assert.Equal(TimeSpan.FromSeconds(0.5), window.Take(TimeSpan.FromSeconds(0.5))?.Wait);
        Assert.Null(window.Take(TimeSpan.FromSeconds(1.0)));
        Assert.NotNull(window.Take(TimeSpan.FromSeconds(1.8)));
        Assert.Null(window.Take(TimeSpan.FromSeconds(1.9)));
        var slow = Sluice.Simulator.Http.SlidingWindow.PerSecond(0.1)!;
        Assert.Null(slow.Take(TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromSeconds(3), slow.Take(TimeSpan.FromSeconds(7))?.Wait);
    }
}
