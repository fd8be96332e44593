using System.Text;
using Sluice.CustomerIo.Errors;

namespace Sluice.CustomerIo.Http;

/// <summary>A request on its way, through all its attempts.</summary>
internal sealed class Call
{
    public Call(ApiRequest request, CustomerIoOptions options, Redactor redactor)
    {
        Request = request;
        string path = RequestUri.Path(request);
        string query = RequestUri.Query(request);
        Uri = RequestUri.Build(options.AddressOf(request.Target), path, query);
        Query = redactor.Clean(query);
        Endpoint = redactor.Clean($"{request.Method.Method} {path}");
    }

    public ApiRequest Request { get; }

    public Uri Uri { get; }

    /// <summary>For logs: redacted.</summary>
    public string Query { get; }

    /// <summary>For errors and logs: method and path, redacted.</summary>
    public string Endpoint { get; }

    /// <summary>The memory of the answer; null for a small one.</summary>
    public BodyShare? Share { get; set; }

    public int Attempts { get; set; }

    public TimeSpan Waited { get; set; }
}

/// <summary>Puts the values into the route, each percent-encoded: an unencoded + @ &amp; / or space is answered with an empty 200.</summary>
internal static class RequestUri
{
    // Without this, Uri would resolve an encoded ".." in a value and ask for another endpoint.
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static Uri Build(Uri baseUrl, string path, string query)
    {
        string prefix = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return new Uri(query.Length == 0 ? prefix + path : $"{prefix}{path}?{query}", AsIs);
    }

    public static string Query(ApiRequest request) => string.Join('&', request.Query.Select(pair => $"{Encode(pair.Key)}={Encode(pair.Value)}"));

    /// <exception cref="ArgumentException">The values do not fit the route.</exception>
    public static string Path(ApiRequest request)
    {
        if (!request.Route.StartsWith('/'))
        {
            throw new ArgumentException($"The route \"{request.Route}\" must start with a slash.", nameof(request));
        }

        var path = new StringBuilder();
        int used = 0;
        ReadOnlySpan<char> rest = request.Route;
        for (int open = rest.IndexOf('{'); open >= 0; open = rest.IndexOf('{'))
        {
            int close = rest.IndexOf('}');
            string name = close > open ? rest[(open + 1)..close].ToString() : throw Wrong(request, "a brace is not closed");
            path.Append(rest[..open]).Append(EncodeSegment(ValueOf(request, name)));
            rest = rest[(close + 1)..];
            used++;
        }

        return used == request.RouteValues.Count ? path.Append(rest).ToString() : throw Wrong(request, "a value is given that it has no place for");
    }

    private static string ValueOf(ApiRequest request, string name)
    {
        string? value = request.RouteValues.LastOrDefault(pair => string.Equals(pair.Key, name, StringComparison.Ordinal)).Value;
        return string.IsNullOrEmpty(value) ? throw Wrong(request, $"the value of {{{name}}} is missing or empty") : value;
    }

    // A value of one or two dots would otherwise be read as "this folder" and "the folder above".
    private static string EncodeSegment(string value) => value is "." or ".." ? value.Replace(".", "%2E", StringComparison.Ordinal) : Encode(value);

    private static string Encode(string value) => Uri.EscapeDataString(value);

    private static ArgumentException Wrong(ApiRequest request, string what) => new($"The request {request} cannot be made: {what}.", nameof(request));
}
