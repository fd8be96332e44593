using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Server.Auth;

namespace Sluice.Server.Gate;

/// <summary>
/// Refuses changes that another site makes a browser send: by what browsers say of where a request is from, by the token in our forms, and by taking
/// no session for changes by the API. An endpoint that no browser uses opts out with DisableAntiforgery.
/// </summary>
internal static class CrossSiteGuard
{
    public static void UseCrossSiteGuard(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (await ProblemAsync(http) is var (status, error, hint))
        {
            await Refusal.WriteAsync(http, status, error, hint);
            return;
        }

        await next(http);
    });

    private static async Task<(int Status, string Error, string? Hint)?> ProblemAsync(HttpContext http)
    {
        var request = http.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return null;
        }

        if (request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none"))
        {
            return (StatusCodes.Status403Forbidden, "Another site may not change anything here.", null);
        }

        if (http.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: false })
        {
            return null;
        }

        if (Refusal.IsBelow(request, "/api"))
        {
            return Visitor.IsToken(http.User)
                ? null
                : (StatusCodes.Status403Forbidden, "The API takes changes with a token only, not with a session.", TokenHandler.Advice);
        }

        return await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http)
            ? null
            : (StatusCodes.Status400BadRequest, "The form is too old, or not one of this server.", "Load the page again and repeat what you did.");
    }
}
