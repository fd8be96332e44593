using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator.Http;

/// <summary>One request with everything its handler needs, and its response.</summary>
internal sealed class ApiCall(World world, Route route, IReadOnlyList<string> path, QueryValues query, ReadOnlyMemory<byte> body)
{
    public World World => world;

    public Route Route => route;

    public QueryValues Query => query;

    public ReadOnlyMemory<byte> Body => body;

    public ApiResponse Response { get; } = new();

    /// <summary>The address of this server, for links in responses.</summary>
    public required Uri BaseAddress { get; init; }

    public required IHeaderDictionary Headers { get; init; }

    public bool HasAuthorization { get; init; }

    public required IReadOnlyList<World> Worlds { get; init; }

    public long Now => world.Clock.Seconds;

    /// <summary>The list that a page token is valid in.</summary>
    public string Scope => string.Create(CultureInfo.InvariantCulture, $"{world.Number}/{string.Join('/', path)}");

    public string Raw(string name) => path[Array.IndexOf(route.Segments, $"{{{name}}}")];

    public string Text(string name) => Uri.UnescapeDataString(Raw(name));

    public bool IsUnencoded(string name) => Unencoded.In(Raw(name));

    /// <summary>An integer from the path; anything else is a 404.</summary>
    public int Number(string name)
        => int.TryParse(Raw(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw ApiException.NotFound();

    public int Limit(int fallback, int maximum)
    {
        var limit = Whole("limit") ?? fallback;
        return limit >= 1 && limit <= maximum ? (int)limit : throw ApiException.Invalid($"limit must be between 1 and {maximum}");
    }

    public long? Whole(string name)
    {
        if (query[name] is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiException.Invalid($"{name} must be an integer");
    }

    public bool Flag(string name) => query[name] switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw ApiException.Invalid($"{name} must be true or false"),
    };

    public string? OneOf(string name, IReadOnlyCollection<string> allowed)
        => query[name] is not { } value || allowed.Contains(value) ? query[name] : throw ApiException.Invalid($"unknown {name}: {value}");

    public (long First, long Second)? Cursor()
    {
        if (query["start"] is not { } token || token == Cursors.Beginning + Cursors.Again)
        {
            return null;
        }

        return Cursors.Decode(Scope, token.TrimEnd(Cursors.Again)) ?? throw ApiException.Invalid("start is not a page token of this list");
    }

    public JsonElement Json()
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw ApiException.Invalid("the body must be a JSON object");
        }
        catch (JsonException)
        {
            throw ApiException.Invalid("the body is not JSON");
        }
    }

    public void Object(Action<Utf8JsonWriter> members) => Response.Write(writer =>
    {
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
    });
}

/// <summary>A request as it arrived.</summary>
internal sealed record SimulatedRequest(
    HttpContext Http, Route? Route, IReadOnlyList<string> Path, QueryValues Query, ReadOnlyMemory<byte> Body, TimeSpan Stamp);
