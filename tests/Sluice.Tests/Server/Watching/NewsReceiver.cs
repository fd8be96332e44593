using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sluice.Tests.Server.Watching;

/// <summary>A web server that takes what is posted to it, and answers as the test says.</summary>
internal sealed class NewsReceiver : IAsyncDisposable
{
    private readonly WebApplication _web;

    private NewsReceiver(WebApplication web) => _web = web;

    public List<ReceivedNews> Taken { get; } = [];

    /// <summary>A copy, for whoever waits for more.</summary>
    public IReadOnlyList<ReceivedNews> All
    {
        get
        {
            lock (Taken)
            {
                return [.. Taken];
            }
        }
    }

    public int Status { get; set; } = 200;

    public string? Location { get; set; }

    public string Address => _web.Urls.Single();

    public static async Task<NewsReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var web = builder.Build();
        var receiver = new NewsReceiver(web);
        web.Run(receiver.TakeAsync);
        await web.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        lock (Taken)
        {
            Taken.Add(new ReceivedNews(
                http.Request.Path.Value!,
                http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray()));
        }

        http.Response.StatusCode = Status;
        if (Location is not null)
        {
            http.Response.Headers.Location = Location;
        }

        await http.Response.WriteAsync("the secret that is behind this address");
    }
}

/// <summary>A request that came.</summary>
internal sealed record ReceivedNews(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
