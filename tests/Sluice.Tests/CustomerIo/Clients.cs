using Sluice.CustomerIo;
using Xunit;

namespace Sluice.Tests.CustomerIo;

/// <summary>Clients for a scripted server, on a clock that does not wait.</summary>
internal static class Clients
{
    public const string AppKey = "canary-app-key-1f2e3d";
    public const string TrackKey = "canary-track-key-4c5b6a";
    public const string SiteId = "canary-site-7d8e9f";

    public static CustomerIoOptions Options(ScriptedServer server) => Options(server.Url);

    public static CustomerIoOptions Options(Uri url) => new()
    {
        AppApiKey = AppKey,
        SiteId = SiteId,
        TrackApiKey = TrackKey,
        BaseUrl = url,
        TrackBaseUrl = url,
    };

    public static CustomerIoClient For(ScriptedServer server, List<AttemptRecord>? attempts = null) => For(Options(server), attempts);

    public static CustomerIoClient For(CustomerIoOptions options, List<AttemptRecord>? attempts = null) =>
        new(options, new InstantTime()) { Observer = attempts is null ? null : attempts.Add };

    public static async Task<CustomerIoException> FailsAsync(this CustomerIoClient client, ApiRequest request) =>
        await Assert.ThrowsAsync<CustomerIoException>(() => client.SendAsync(request));

    public static async Task<List<Page>> ReadAllAsync(this CustomerIoClient client, ApiRequest request, PageShape shape, string? startCursor = null)
    {
        var pages = new List<Page>();
        await foreach (Page page in new PageReader(client).ReadAsync(request, shape, startCursor))
        {
            pages.Add(page);
        }

        return pages;
    }
}
