using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sluice.Server.Webhooks;

/// <summary>What webhooks are made of.</summary>
internal static class WebhookSetup
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services) => services
        .AddSingleton<EventInbox>()
        .AddSingleton<InboxLimits>()
        .AddSingleton<WebhookStatus>()
        .AddSingleton<WebhookWorkspaces>()
        .AddSingleton<WebhookReceiver>()
        .AddSingleton<WebhookFolder>()
        .AddSingleton<FoldLoop>()
        .AddHostedService(parts => parts.GetRequiredService<FoldLoop>());

    /// <summary>Adds the endpoint. A signature stands for a login there, and no browser comes to it.</summary>
    public static void MapWebhooks(this WebApplication web)
    {
        var receiver = web.Services.GetRequiredService<WebhookReceiver>();
        web.MapPost(WebhookReceiver.Path, (string workspace, HttpContext context) => receiver.TakeAsync(workspace, context))
            .AllowAnonymous()
            .DisableAntiforgery();
    }
}
