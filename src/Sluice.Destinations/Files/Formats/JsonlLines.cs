using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DuckDB.NET.Data;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Files.Formats;

/// <summary>Copies lines into a form that DuckDB reads without changing anything: columns by their place, and nested JSON as a string.</summary>
internal sealed class JsonlLines : IDisposable
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = JsonLimits.MaxDepth + 2 };

    private readonly Dictionary<string, (JsonEncodedText Place, bool IsJson)> _columns;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    private JsonlLines(IReadOnlyList<TypedColumn> columns)
    {
        _columns = columns
            .Select((column, place) => (column, place))
            .ToDictionary(
                pair => pair.column.Name,
                pair => (JsonEncodedText.Encode(TypedColumn.Place(pair.place)), pair.column.Kind == ColumnType.Json),
                StringComparer.Ordinal);
        _json = new Utf8JsonWriter(
            _line, new JsonWriterOptions { SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Copies each file to its path below the scratch folder, and gives the longest line's length.</summary>
    public static async Task<long> CopyAsync(
        DuckDBConnection connection,
        FileRows files,
        IReadOnlyList<TypedColumn> columns,
        Func<string, string> lines,
        string scratch,
        CancellationToken cancel)
    {
        using var copy = new JsonlLines(columns);
        var longest = 0L;
        foreach (var file in files.Paths)
        {
            var path = Path.Combine(scratch, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var to = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
            longest = Math.Max(longest, await copy.CopyAsync(connection, lines(file), to, cancel));
        }

        return longest;
    }

    public void Dispose() => _json.Dispose();

    private async Task<long> CopyAsync(DuckDBConnection connection, string sql, FileStream to, CancellationToken cancel)
    {
        var longest = 0L;
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            _line.ResetWrittenCount();
            Copy(Encoding.UTF8.GetBytes(reader.GetString(0)));
            longest = Math.Max(longest, _line.WrittenCount);
            await to.WriteAsync(_line.WrittenMemory, cancel);
        }

        return longest;
    }

    private void Copy(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, Options);
        _json.Reset(_line);
        _json.WriteStartObject();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = _columns[reader.GetString()!];
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            Write(column.Place, column.IsJson, line[start..(int)reader.BytesConsumed]);
        }

        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
    }

    private void Write(JsonEncodedText place, bool isJson, ReadOnlySpan<byte> raw)
    {
        if (raw.SequenceEqual("null"u8))
        {
            return;
        }

        _json.WritePropertyName(place);
        if (isJson)
        {
            _json.WriteStringValue(raw);
        }
        else
        {
            _json.WriteRawValue(raw, skipInputValidation: true);
        }
    }
}

[JsonSerializable(typeof(string))]
internal sealed partial class JsonlNames : JsonSerializerContext;
