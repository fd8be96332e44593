namespace Sluice.CustomerIo;

/// <summary>One request: a route template with its values, so that errors can name the endpoint and every value gets encoded.</summary>
public sealed record ApiRequest
{
    private readonly bool? _isRead;

    /// <summary>The HTTP method.</summary>
    public required HttpMethod Method { get; init; }

    /// <summary>Which API it goes to.</summary>
    public ApiTarget Target { get; init; } = ApiTarget.App;

    /// <summary>The path with its values in braces, starting with a slash, for example <c>/v1/campaigns/{campaign_id}/actions</c>.</summary>
    public required string Route { get; init; }

    /// <summary>The values for the braces, not encoded; a missing, empty or left-over one is a programming error.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> RouteValues { get; init; } = [];

    /// <summary>The query parameters in order, not encoded.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>The JSON body as UTF-8; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether it changes nothing and may be repeated after any failure; GET by itself, POST searches when said so.</summary>
    public bool IsRead
    {
        get => _isRead ?? (Method == HttpMethod.Get || Method == HttpMethod.Head);
        init => _isRead = value;
    }

    /// <summary>
    /// Whether a write may be done twice without harm, as setting the same values again may: then it is repeated like a read after any failure.
    /// </summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Whether to send no credentials: <c>GET /v1/info/ip_addresses</c> needs none (Customer.io App API reference).</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>
    /// A second, tighter budget to wait for before the workspace's, as for broadcast triggers (one in 10 s) and archived messages (100 a day).
    /// </summary>
    public RequestBudget? ExtraBudget { get; init; }

    /// <summary>
    /// Whether it counts towards a quota of a day, as archived messages do: a 429 without Retry-After then says that the quota is used up.
    /// </summary>
    public bool HasDailyQuota { get; init; }

    /// <summary>A GET, with its route values.</summary>
    public static ApiRequest Get(string route, params ReadOnlySpan<KeyValuePair<string, string>> routeValues) =>
        new() { Method = HttpMethod.Get, Route = route, RouteValues = routeValues.ToArray() };

    /// <summary>A POST that only reads, such as the people search, with its JSON body.</summary>
    public static ApiRequest Search(string route, ReadOnlyMemory<byte> body) =>
        new() { Method = HttpMethod.Post, Route = route, Body = body, IsRead = true };

    /// <summary>A request that changes something; it is repeated only when it is certain that nothing was processed.</summary>
    public static ApiRequest Write(HttpMethod method, string route, ReadOnlyMemory<byte> body = default, ApiTarget target = ApiTarget.App) =>
        new() { Method = method, Route = route, Body = body, Target = target, IsRead = false };

    /// <summary>A copy with one more route value.</summary>
    public ApiRequest With(string name, string value) => this with { RouteValues = [.. RouteValues, new(name, value)] };

    /// <summary>A copy in which the query parameter has this value and no other.</summary>
    public ApiRequest WithQuery(string name, string value) =>
        this with { Query = [.. Query.Where(pair => !string.Equals(pair.Key, name, StringComparison.Ordinal)), new(name, value)] };

    /// <summary>The method and the route template, without values, query and body.</summary>
    public override string ToString() => $"{Method.Method} {Route}";
}

/// <summary>Which of Customer.io's two APIs a request goes to: they differ in host, credentials and rate limit.</summary>
public enum ApiTarget
{
    /// <summary>The App API: reads and management, bearer key, 10 requests a second for the whole workspace.</summary>
    App,

    /// <summary>The Track API: people, events and objects coming in, basic authentication with site id and key.</summary>
    Track,
}

/// <summary>A complete answer with a 2xx status.</summary>
public sealed record ApiResponse
{
    /// <summary>The HTTP status, 200 to 299.</summary>
    public required int Status { get; init; }

    /// <summary>The body as valid UTF-8 JSON without a byte order mark; empty when the answer has none, other text only for writes.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The server's clock (its Date header), to the second.</summary>
    public DateTimeOffset? ServerTime { get; init; }

    /// <summary>The media type that the answer declares, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>How many attempts it took, at least 1.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Time spent waiting for the budget and between attempts.</summary>
    public TimeSpan Waited { get; init; }

    internal bool IsDeclaredJson => ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) ?? false;
}
