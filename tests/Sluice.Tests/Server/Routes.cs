using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace Sluice.Tests.Server;

/// <summary>
/// Every route of the server and who may use it: a new one is a decision, which is written down here. Anyone: nobody need have logged in.
/// </summary>
internal static class Routes
{
    public const string Anyone = "anyone";

    public static IReadOnlyList<Route> All { get; } =
    [
        .. """
            GET / reader
            GET /destinations reader
            POST /destinations/{name}/check operator
            GET /pipeline admin
            POST /pipeline admin
            GET /pipeline/sluice.yaml admin
            GET /query query
            POST /query query
            POST /query/rows.csv query
            GET /settings admin
            POST /settings/channels/{name}/test admin
            POST /settings/secrets admin
            POST /settings/secrets/{name}/remove admin
            POST /settings/tokens admin
            POST /settings/tokens/{id}/revoke admin
            POST /settings/users admin
            POST /settings/users/{name} admin
            GET /setup admin
            POST /setup admin
            GET /webhooks reader
            GET /workspaces reader
            POST /workspaces/{name}/check operator
            GET /writes reader
            GET /writes/{id} reader
            GET /events reader
            GET /assets/app.css anyone
            GET /assets/icon.svg anyone
            GET /assets/live.js anyone
            GET /runs reader
            GET /runs/{id} reader
            GET /runs/{id}/events reader
            POST /runs/{id}/cancel operator
            GET /syncs/{name} reader
            GET /syncs/{name}/tables reader
            POST /syncs/{name}/pause operator
            POST /syncs/{name}/schedule admin
            POST /syncs/{name}/plan operator
            POST /syncs/{name}/reset admin
            POST /syncs/{name}/resume operator
            POST /syncs/{name}/run operator
            GET /pushes/{name} reader
            POST /pushes/{name}/pause operator
            POST /pushes/{name}/resume operator
            POST /pushes/{name}/run operator
            POST /pushes/{name}/schedule admin
            GET /api/audit admin
            GET /api/me reader
            GET /api/notifications reader
            POST /api/notifications/{channel}/test admin
            GET /api/pushes/{name} reader
            POST /api/pushes/{name}/pause operator
            POST /api/pushes/{name}/resume operator
            POST /api/pushes/{name}/run operator
            GET /api/runs reader
            GET /api/runs/{id} reader
            POST /api/runs/{id}/cancel operator
            GET /api/runs/{id}/log reader
            GET /api/runs/{id}/report reader
            GET /api/secrets admin
            PUT /api/secrets/{name} admin
            DELETE /api/secrets/{name} admin
            GET /api/syncs reader
            GET /api/syncs/{name} reader
            POST /api/syncs/{name}/pause operator
            POST /api/syncs/{name}/resume operator
            POST /api/syncs/{name}/run operator
            GET /api/tokens admin
            POST /api/tokens admin
            DELETE /api/tokens/{name} admin
            GET /api/users admin
            POST /api/users admin
            PUT /api/users/{name} admin
            DELETE /api/users/{name} admin
            GET /assets/login.js anyone
            GET /healthz anyone
            POST /hooks/{workspace} anyone
            GET /login anyone
            GET /metrics metrics
            GET /readyz anyone
            POST /mcp agent
            POST /login anyone
            POST /login/link anyone
            POST /logout reader
            """.Split('\n').Select(line => line.Trim().Split(' ')).Select(words => new Route(words[0], words[1], words[2])),
    ];

    /// <summary>The routes that a server has.</summary>
    public static IReadOnlyList<Route> Of(ServerWorld world) =>
    [
        .. from endpoint in world.Endpoints
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]
           let path = $"/{endpoint.RoutePattern.RawText?.Trim('/')}"
           select new Route(method, path, Access(endpoint)),
    ];

    private static string Access(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
        ? Anyone
        : endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy ?? "nobody";
}

/// <summary>A route.</summary>
/// <param name="Method">The method.</param>
/// <param name="Pattern">The path, with parameters in braces.</param>
/// <param name="Access">Who may use it.</param>
internal sealed record Route(string Method, string Pattern, string Access)
{
    /// <summary>A path of it.</summary>
    public string Path => System.Text.RegularExpressions.Regex.Replace(
        Pattern, @"\{[^}]*\}", "x", System.Text.RegularExpressions.RegexOptions.NonBacktracking);

    public override string ToString() => $"{Method} {Pattern} {Access}";
}
