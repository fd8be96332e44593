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
        Uri = RequestUri.Build(Regions.AddressOf(options, request.Target), path, query);
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
