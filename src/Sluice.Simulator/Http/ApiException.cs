namespace Sluice.Simulator.Http;

/// <summary>A refusal; the pipeline turns it into one of the API's three error bodies.</summary>
internal sealed class ApiException(int status, string detail, ErrorEnvelope envelope = ErrorEnvelope.Errors, string? pointer = null) : Exception(detail)
{
    public int Status => status;

    public ErrorEnvelope Envelope => envelope;

    public string? Pointer => pointer;

    public Dictionary<string, string> Headers { get; } = [];

    public static ApiException NotFound() => new(404, "not found");

    public static ApiException Invalid(string detail) => new(400, detail, ErrorEnvelope.Meta);
}
