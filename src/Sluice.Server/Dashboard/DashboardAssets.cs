using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Sluice.Server.Dashboard;

/// <summary>Style sheet, script and icon of the pages, from the assembly: a page names them with their hash, under which they never change.</summary>
internal static class DashboardAssets
{
    private static readonly FrozenDictionary<string, Asset> All = new[]
    {
        Read("app.css", "text/css; charset=utf-8"),
        Read("live.js", "text/javascript; charset=utf-8"),
        Read("icon.svg", "image/svg+xml"),
    }.ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);

    /// <summary>The address of an asset for pages.</summary>
    public static string PathOf(string name) => $"/assets/{name}?v={All[name].Hash}";

    public static void MapAssets(this IEndpointRouteBuilder routes)
    {
        foreach (var asset in All.Values)
        {
            routes.MapGet($"/assets/{asset.Name}", (HttpContext http, string? v) => Answer(http, asset, v)).AllowAnonymous();
        }
    }

    private static IResult Answer(HttpContext http, Asset asset, string? hash)
    {
        http.Response.Headers.CacheControl = hash == asset.Hash ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(asset.Content, asset.Type, entityTag: new EntityTagHeaderValue($"\"{asset.Hash}\""));
    }

    private static Asset Read(string name, string type)
    {
        using var stream = typeof(DashboardAssets).Assembly.GetManifestResourceStream($"Sluice.Server.Dashboard.Assets.{name}")!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new Asset(name, type, content, Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
    }

    private sealed record Asset(string Name, string Type, byte[] Content, string Hash);
}
