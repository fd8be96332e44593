using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Sql.Text;

/// <summary>A value of a result as text and as JSON.</summary>
public static class ValueText
{
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value as text; null for NULL.</summary>
    public static string? Of(object? value) => value switch
    {
        null or DBNull => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTime or DateTimeOffset => Time(value),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes),
        Stream stream => Convert.ToHexString(Read(stream)),
        IDictionary or IEnumerable => Json(value),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>Writes the value as JSON.</summary>
    public static void Write(Utf8JsonWriter json, object? value)
    {
        ArgumentNullException.ThrowIfNull(json);
        switch (value)
        {
            case null or DBNull:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or decimal or BigInteger:
            case double and not (double.NaN or double.PositiveInfinity or double.NegativeInfinity):
            case float and not (float.NaN or float.PositiveInfinity or float.NegativeInfinity):
                json.WriteRawValue(Of(value)!, skipInputValidation: true);
                break;
            case IDictionary map:
                Write(json, map);
                break;
            case IEnumerable list and not (string or byte[]):
                json.WriteStartArray();
                foreach (var item in list)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Of(value));
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, IDictionary map)
    {
        json.WriteStartObject();
        foreach (DictionaryEntry entry in map)
        {
            json.WritePropertyName(Of(entry.Key) ?? "");
            Write(json, entry.Value);
        }

        json.WriteEndObject();
    }

    private static string Json(object value)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, OneLine))
        {
            Write(json, value);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    // DuckDB's times are microseconds in UTC.
    private static string Time(object value)
    {
        var time = value is DateTimeOffset offset ? offset.UtcDateTime : (DateTime)value;
        return time.ToString(
            time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
    }

    private static byte[] Read(Stream stream)
    {
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }
}
