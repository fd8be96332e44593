using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Engine;

namespace Sluice.Cli.Output;

/// <summary>Writes JSON with as little escaping as possible.</summary>
internal static class JsonOutput
{
    public static JsonWriterOptions OneLine { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions Indented = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        NewLine = "\n",
    };

    public static string Write(JsonNode node) => Write(writer => node.WriteTo(writer));

    public static JsonArray Array(IEnumerable<JsonNode> items) => new([.. items]);

    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    public static string Write(Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            content(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}

/// <summary>An error for programs that read the result as JSON.</summary>
internal static class ErrorJson
{
    public static string Write(Exception error, int exitCode)
    {
        var hint = (error as SluiceException)?.Hint;
        return Write(Messages.WithoutHint(error.Message, hint), hint, (error as SluiceException)?.Kind ?? SluiceErrorKind.Unexpected, exitCode);
    }

    public static string Write(string message, string? hint, SluiceErrorKind kind, int exitCode) => JsonOutput.Write(new JsonObject
    {
        ["error"] = new JsonObject { ["kind"] = kind.ToString().ToLowerInvariant(), ["message"] = message, ["hint"] = hint },
        ["exit_code"] = exitCode,
    });
}
