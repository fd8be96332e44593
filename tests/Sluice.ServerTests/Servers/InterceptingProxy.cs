using System.Net;
using System.Text;

namespace Sluice.ServerTests.Servers;

/// <summary>A way to an HTTP server on which something happens just before a certain request arrives there.</summary>
public sealed class InterceptingProxy : IAsyncDisposable
{
    private static readonly HttpClient Client = new() { Timeout = Timeout.InfiniteTimeSpan };

    private readonly HttpListener _listener = new();
    private readonly string _words;
    private readonly Func<Task<bool>> _before;
    private readonly int _server;
    private readonly Task _accepting;

    /// <summary>Starts it.</summary>
    /// <param name="server">The server's port on 127.0.0.1.</param>
    /// <param name="words">What the request has in its address or body.</param>
    /// <param name="before">What happens before it is passed on; false when it is not: the connection breaks.</param>
    public InterceptingProxy(int server, string words, Func<Task<bool>> before)
    {
        (_server, _words, _before) = (server, words, before);
        Port = ServerPort.Free();
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        _listener.Close();
    }

    private async Task AcceptAsync()
    {
        var running = new List<Task>();
        while (true)
        {
            try
            {
                running.Add(PassOnAsync(await _listener.GetContextAsync()));
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                await Task.WhenAll(running);
                return;
            }
        }
    }

    private async Task PassOnAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        var text = Uri.UnescapeDataString(context.Request.RawUrl!.Replace('+', ' ')) + Encoding.UTF8.GetString(body.ToArray());
        if (text.Contains(_words, StringComparison.Ordinal) && !await _before())
        {
            context.Response.Abort();
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{_server}{context.Request.RawUrl}"))
        {
            Content = new ByteArrayContent(body.ToArray()),
        };
        request.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers["Authorization"]);
        using var answer = await Client.SendAsync(request);
        context.Response.StatusCode = (int)answer.StatusCode;
        await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(context.Response.OutputStream);
        context.Response.Close();
    }
}
