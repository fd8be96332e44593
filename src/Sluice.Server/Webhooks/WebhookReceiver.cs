using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sluice.CustomerIo;
using Sluice.Engine.Webhooks;

namespace Sluice.Server.Webhooks;

/// <summary>
/// <c>POST /hooks/{workspace}</c>. The vendor tries an answer other than 2xx again, holds back all later events meanwhile, and waits an hour first
/// unless it is a 503: so once the signature is right the answer is 200 when the event is on disk, and 503 whatever else happens.
/// </summary>
internal sealed class WebhookReceiver(
    WebhookWorkspaces workspaces, EventInbox inbox, InboxLimits limits, WebhookStatus status, ServerOptions options, TimeProvider time) : IDisposable
{
    /// <summary>The path of the endpoint.</summary>
    public const string Path = "/hooks/{workspace}";

    private const int MostBody = 32 << 20;
    private const int UsualBody = 1 << 20;
    private const int MostLongBodies = 4;
    private const int LongestName = 64;

    private readonly BadSignatures _bad = new(options.Webhooks.MostBadSignatures, time);
    private readonly SemaphoreSlim _longBodies = new(MostLongBodies);

    /// <summary>Takes a request, and answers it.</summary>
    public async Task TakeAsync(string name, HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        var (code, why) = await SafelyAsync(() => AnswerAsync(name, address, context), "the request could not be looked at");
        context.Response.StatusCode = code;
        if (why is not null)
        {
            status.Refuse(code, name.Length > LongestName ? name[..LongestName] : name, why, address);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _longBodies.Dispose();

    // Only a 503 is tried again within the hour, and nothing that comes later is sent before.
    private static async Task<(int Code, string? Why)> SafelyAsync(Func<Task<(int Code, string? Why)>> work, string what)
    {
        try
        {
            return await work();
        }
        catch (Exception error)
        {
            return (StatusCodes.Status503ServiceUnavailable, $"{what}: {error.GetType().Name}: {error.Message}");
        }
    }

    private async Task<(int Code, string? Why)> AnswerAsync(string name, string address, HttpContext context)
    {
        if (!(await workspaces.ReadAsync(context.RequestAborted)).TryGetValue(name, out var workspace))
        {
            // A typing mistake in the file must not hold the events of an hour back.
            return workspaces.MayLackSome
                ? (StatusCodes.Status503ServiceUnavailable, "the pipeline has mistakes, and no workspace of this name could be read")
                : (StatusCodes.Status404NotFound, "no sync reads a workspace of this name");
        }

        if (workspace.Key is not { } key)
        {
            return (StatusCodes.Status503ServiceUnavailable, "webhook_signing_key of the workspace is not set yet");
        }

        var isLong = context.Request.ContentLength is null or > UsualBody;
        if (isLong && (_bad.IsTooMany(address) || !_longBodies.Wait(0, context.RequestAborted)))
        {
            return (StatusCodes.Status503ServiceUnavailable, "a long body while others are read, or after many wrong signatures");
        }

        try
        {
            return await BodyAsync(context) is { } body
                ? await JudgeAsync(workspace, key, address, body, context)
                : (StatusCodes.Status503ServiceUnavailable, "the body did not come in time");
        }
        catch (BadHttpRequestException error)
        {
            return (error.StatusCode, "the body is longer than 32 MB, or broke off");
        }
        finally
        {
            if (isLong)
            {
                _longBodies.Release();
            }
        }
    }

    private async Task<ReadOnlyMemory<byte>?> BodyAsync(HttpContext context)
    {
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = MostBody;
        using var late = new CancellationTokenSource(options.Webhooks.ReadTime, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            var body = new MemoryStream((int)(context.Request.ContentLength ?? 0));
            await context.Request.Body.CopyToAsync(body, stop.Token);
            return body.GetBuffer().AsMemory(0, (int)body.Length);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<(int Code, string? Why)> JudgeAsync(
        WebhookWorkspace workspace, string key, string address, ReadOnlyMemory<byte> body, HttpContext context)
    {
        var began = time.GetTimestamp();
        if (Fault(key, body, context) is { } fault)
        {
            var isTooMany = _bad.IsTooMany(address);
            _bad.Add(address);
            return (isTooMany ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized, isTooMany ? null : fault);
        }

        return await SafelyAsync(() => KeepAsync(workspace, body, began, context.RequestAborted), "the event could not be kept");
    }

    private async Task<(int Code, string? Why)> KeepAsync(WebhookWorkspace workspace, ReadOnlyMemory<byte> body, long began, CancellationToken cancel)
    {
        if (limits.WhyFull() is { } full)
        {
            return (StatusCodes.Status503ServiceUnavailable, full);
        }

        var isNew = await inbox.AddAsync(workspace.Name, ReceivedEvent.Read(body, workspace.Masks, time.GetUtcNow()), cancel);
        limits.Added();
        status.Accept(isNew, time.GetElapsedTime(began));
        return (StatusCodes.Status200OK, null);
    }

    private string? Fault(string key, ReadOnlyMemory<byte> body, HttpContext context)
    {
        var (sent, signature) = (context.Request.Headers[WebhookSignature.TimestampHeader],
            context.Request.Headers[WebhookSignature.SignatureHeader]);
        if (sent.Count != 1 || signature.Count != 1 || WebhookSignature.SentAt(sent[0]!) is not { } at)
        {
            return "it has no signature with a time";
        }

        var age = time.GetUtcNow() - at;
        return !WebhookSignature.IsOf(key, sent[0]!, body.Span, signature[0]!) ? "the signature is not that of this workspace's key"
            : age > options.Webhooks.OldestSent || age < -options.Webhooks.NewestSent ? "it was sent too long ago, or in the future: see to the clock"
            : null;
    }
}
