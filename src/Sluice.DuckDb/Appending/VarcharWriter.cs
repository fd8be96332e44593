using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Appending;

/// <summary>VARCHAR and JSON. DuckDB checks neither UTF-8 nor JSON of appended text, and fails on it later: so it is checked here.</summary>
internal sealed unsafe class VarcharWriter(string column, string typeName, bool isJson) : ColumnWriter(column, typeName)
{
    private const int StackLimit = 512;
    private static readonly JsonReaderOptions JsonOptions = new() { MaxDepth = 1000 };

    internal override void WriteUtf8(long row, ReadOnlySpan<byte> value)
    {
        if (!Utf8.IsValid(value))
            throw Refuse(Encoding.UTF8.GetString(value), "its bytes are not UTF-8");
        SetValid(row);
        Assign(row, value);
    }

    protected override void Store(long row, object value)
    {
        switch (value)
        {
            case string v: Encode(row, v); break;
            case char v: Encode(row, v.ToString()); break;
            case ReadOnlyMemory<byte> v: WriteUtf8(row, v.Span); break;
            default: throw WrongType(value);
        }
    }

    private void Encode(long row, string text)
    {
        var max = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = null;
        var buffer = max <= StackLimit ? stackalloc byte[StackLimit] : rented = ArrayPool<byte>.Shared.Rent(max);
        try
        {
            Assign(row, buffer[..NativeText.GetBytes(text, buffer)]);
        }
        catch (EncoderFallbackException e)
        {
            throw Refuse(text, $"it holds half a surrogate pair at position {e.Index}");
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void Assign(long row, ReadOnlySpan<byte> text)
    {
        if (isJson)
            RequireJson(text);
        fixed (byte* bytes = text)
        {
            byte empty = 0;
            NativeMethods.duckdb_unsafe_vector_assign_string_element_len(Vector, (ulong)row, bytes == null ? &empty : bytes, (ulong)text.Length);
        }
    }

    private void RequireJson(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, JsonOptions);
            while (reader.Read())
            {
            }
        }
        catch (JsonException e)
        {
            throw Refuse(Encoding.UTF8.GetString(text), $"it is not JSON: {e.Message}");
        }
    }
}
