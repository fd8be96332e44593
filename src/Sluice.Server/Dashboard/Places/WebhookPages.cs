using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Sluice.Server.Auth;
using Sluice.Server.Dashboard.Pages;
using Sluice.Server.Webhooks;

namespace Sluice.Server.Dashboard.Places;

/// <summary>The page of what Customer.io's webhooks bring.</summary>
internal static class WebhookPages
{
    public static void MapWebhookPages(this IEndpointRouteBuilder routes) => routes
        .MapGet("/webhooks", async (WebhookStatus status, WebhookWorkspaces workspaces, EventInbox inbox, CancellationToken cancel) =>
            DashboardPage.Show<WebhooksPage>(new WebhooksModel(
                status,
                [.. (await workspaces.ReadAsync(cancel)).Values.OrderBy(one => one.Name, StringComparer.Ordinal)],
                await inbox.DepthsAsync(cancel))))
        .RequireAuthorization(Access.Reader);
}

/// <summary>What the page of webhooks shows.</summary>
/// <param name="Status">What came, and what was refused.</param>
/// <param name="Workspaces">The workspaces, and whether they have a signing key.</param>
/// <param name="Depths">What waits in the inbox.</param>
internal sealed record WebhooksModel(WebhookStatus Status, IReadOnlyList<WebhookWorkspace> Workspaces, IReadOnlyList<InboxDepth> Depths);
