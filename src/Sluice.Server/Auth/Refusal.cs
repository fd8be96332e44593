using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Auth;

/// <summary>How a request is refused: JSON for programs, a line of text for people.</summary>
internal static class Refusal
{
    /// <summary>Whether a person looks at it, and not a program at the API.</summary>
    public static bool IsForPage(HttpRequest request) =>
        !IsBelow(request, "/api") && !IsBelow(request, "/metrics") && !TokenHandler.IsMeantBy(request);

    /// <summary>Whether a request is for a path or for one below it, in the letters that routes take.</summary>
    public static bool IsBelow(HttpRequest request, string path) => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase);

    public static Task ForbidAsync(HttpContext http) => IsOtherThanJson(http)
        ? WriteAsync(http, StatusCodes.Status415UnsupportedMediaType, "The body must be JSON.", "Send the header Content-Type: application/json.")
        : WriteAsync(
            http,
            StatusCodes.Status403Forbidden,
            Visitor.IsToken(http.User) ? "The token's scopes do not allow this." : $"{Visitor.NameOf(http.User)} may not do this.",
            "An admin can change that.");

    // Where a route takes JSON, routing puts an endpoint of its own in the place of what was sent otherwise, which says nothing of who may use it.
    private static bool IsOtherThanJson(HttpContext http) =>
        IsBelow(http.Request, "/api") && http.Request.ContentType is not null && !http.Request.HasJsonContentType()
        && http.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null;

    public static Task WriteAsync(HttpContext http, int status, string error, string? hint = null)
    {
        http.Response.StatusCode = status;
        return IsForPage(http.Request)
            ? WriteTextAsync(http, hint is null ? $"{error}\n" : $"{error}\n{hint}\n")
            : http.Response.WriteAsJsonAsync(new { error, hint }, JsonSerializerOptions.Web, http.RequestAborted);
    }

    private static Task WriteTextAsync(HttpContext http, string text)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }
}
