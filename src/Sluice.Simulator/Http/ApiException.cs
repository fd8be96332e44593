namespace Sluice.Simulator.Http;

/// <summary>An error response; the request pipeline turns it into one of the API's error bodies.</summary>
internal sealed class ApiException(int status, string detail, ErrorEnvelope envelope = ErrorEnvelope.Errors, string? pointer = null)
    : Exception(detail)
{
    public int Status => status;

    public ErrorEnvelope Envelope => envelope;

    public string? Pointer => pointer;

    /// <summary>The stable name that some errors have since September 2026.</summary>
    public string? Code { get; init; }

    public Dictionary<string, string> Headers { get; } = [];

    public static ApiException NotFound() => new(404, "not found");

    public static ApiException Invalid(string detail) => new(400, detail, ErrorEnvelope.Meta);
}

internal enum ErrorEnvelope
{
    /// <summary><c>{"errors":[{"detail","status"}]}</c></summary>
    Errors,

    /// <summary><c>{"meta":{"error"}}</c></summary>
    Meta,

    /// <summary><c>{"errors":[{"detail","source":{"pointer"},"status"}]}</c></summary>
    Pointer,

    /// <summary><c>{"meta":{"errors":[…]}}</c></summary>
    MetaList,

    /// <summary>The Track API's version 2: <c>{"errors":[{"reason","field","message"}]}</c></summary>
    Track,
}
