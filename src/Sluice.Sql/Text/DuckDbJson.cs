using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Engine;

namespace Sluice.Sql.Text;

/// <summary>JSON as DuckDB writes it, which may hold numbers that JSON does not know.</summary>
internal static class DuckDbJson
{
    private const int MostDepth = 64;

    /// <summary>Reads it.</summary>
    /// <param name="json">The text.</param>
    /// <param name="place">Where it stands, such as a row, for the message.</param>
    /// <param name="name">What the value itself is called.</param>
    /// <exception cref="SluiceException">It holds what can't be sent (kind Config).</exception>
    public static JsonNode? Parse(string json, string place, string name)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException error)
        {
            throw Refusal(json, place, name, error);
        }
    }

    private static SluiceException Refusal(string json, string place, string name, JsonException error)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        try
        {
            while (reader.Read())
            {
                name = reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() ?? name : name;
            }
        }
        catch (JsonException)
        {
            // It ends where the value stands; the name before it is the value's.
        }

        return reader.CurrentDepth >= MostDepth
            ? new SluiceException(
                SluiceErrorKind.Config, $"{place}: {name} is nested too deeply.", $"Nothing was sent. {MostDepth} levels are the most.", error)
            : new SluiceException(
                SluiceErrorKind.Config,
                $"{place}: {name} is NaN or infinite, which JSON can't hold.",
                "Nothing was sent. Make it NULL, or leave such rows out: CASE WHEN isfinite(x) THEN x END, WHERE isfinite(x).",
                error);
    }
}
