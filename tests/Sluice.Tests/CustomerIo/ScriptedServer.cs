using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Sluice.Tests.CustomerIo;

/// <summary>A real server that gives its replies one after the other; the last one again and again.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Seen> _requests = [];
    private readonly RequestDelegate[] _script;
    private readonly WebApplication _app;

    private ScriptedServer(RequestDelegate[] script, Action<ListenOptions>? listen)
    {
        _script = script;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen ?? (_ => { })));
        _app = builder.Build();
        _app.Run(ReplyAsync);
    }

    public Uri Url => new(_app.Urls.First());

    public IReadOnlyList<Seen> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    public static Task<ScriptedServer> StartAsync(params RequestDelegate[] script) => StartAsync(null, script);

    public static async Task<ScriptedServer> StartAsync(Action<ListenOptions>? listen, params RequestDelegate[] script)
    {
        var server = new ScriptedServer(script, listen);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ReplyAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body, Encoding.UTF8);
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var seen = new Seen(
            context.Request.Method,
            target,
            new HeaderDictionary(context.Request.Headers.ToDictionary()),
            await body.ReadToEndAsync(),
            context.Request.Protocol);
        RequestDelegate reply;
        lock (_gate)
        {
            reply = _script[Math.Min(_requests.Count, _script.Length - 1)];
            _requests.Add(seen);
        }

        await reply(context);
    }
}
