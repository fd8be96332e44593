using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using Sluice.Server.Auth;

namespace Sluice.Server.Mcp;

/// <summary>The endpoint for agents: tools that read, for tokens with the scope query.</summary>
internal static class McpSetup
{
    public static IServiceCollection AddAgents(this IServiceCollection services)
    {
        services.AddMcpServer(server =>
            {
                server.ServerInfo = new Implementation { Name = "sluice", Version = typeof(McpSetup).Assembly.GetName().Version?.ToString(3) ?? "" };
                server.ServerInstructions = "Reads Customer.io by SQL and tells how its syncs stand. Nothing can be changed here. " + AnswerJson.Note;
            })
            // Any node answers any request.
            .WithHttpTransport(transport => transport.SessionMode = HttpServerSessionMode.Stateless)
            .WithTools<AgentTools>();
        return services;
    }

    // No browser comes here: a session is not enough, so no other site can make one ask.
    public static void MapAgents(this IEndpointRouteBuilder routes) =>
        routes.MapMcp("/mcp").RequireAuthorization(Access.Agent)
            .WithMetadata(new Microsoft.AspNetCore.Antiforgery.RequireAntiforgeryTokenAttribute(false));
}
