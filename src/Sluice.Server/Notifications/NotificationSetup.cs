using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Server.Api;
using Sluice.Server.Auth;
using Sluice.Server.Gate;
using Sluice.Server.Runs;

namespace Sluice.Server.Notifications;

/// <summary>What tells people and programs how it stands, and its part of the API.</summary>
internal static class NotificationSetup
{
    public static IServiceCollection AddNotifications(this IServiceCollection services) => services
        .AddDelivery()
        .AddSingleton<Alerts>()
        .AddSingleton<ChannelStatuses>()
        .AddSingleton<AlertWatch>()
        .AddSingleton<IRunObserver>(parts => parts.GetRequiredService<AlertWatch>())
        .AddHostedService(parts => parts.GetRequiredService<AlertWatch>());

    /// <summary>What sends, which commands use as well.</summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services) => services
        .AddSingleton<OutboundGuard>()
        .AddSingleton<HttpDelivery>()
        .AddSingleton<IChannelSender, SlackSender>()
        .AddSingleton<IChannelSender, WebhookSender>()
        .AddSingleton<IChannelSender, MailSender>()
        .AddSingleton<Deliveries>();

    public static void MapNotifications(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/notifications", async (ChannelStatuses statuses, CancellationToken cancel) =>
            Results.Json(await statuses.ListAsync(cancel), ServerJson.Options)).RequireAuthorization(Access.Reader);
        routes.MapPost("/api/notifications/{channel}/test", TestAsync).RequireAuthorization(Access.Admin);
    }

    private static async Task<IResult> TestAsync(string channel, Deliveries deliveries, AuditTrail trail, HttpContext http, CancellationToken cancel)
    {
        if (await deliveries.TestAsync(channel, cancel) is not { } row)
        {
            return Results.Json(
                new ApiProblem($"There is no channel '{channel}'."), ApiJson.Default.ApiProblem, statusCode: StatusCodes.Status404NotFound);
        }

        await trail.RecordAsync(http, "test channel", channel, row.Answer, cancel);
        return Results.Json(SentNotification.Of(row), ServerJson.Options);
    }
}
