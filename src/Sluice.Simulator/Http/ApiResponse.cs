using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Sluice.Simulator.Http;

/// <summary>A response, held in memory so that faults can change it.</summary>
internal sealed class ApiResponse
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private ArrayBufferWriter<byte> _body = new(1024);

    public int Status { get; set; } = 200;

    public string ContentType { get; set; } = "application/json; charset=utf-8";

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How far the Date header is from the simulated clock.</summary>
    public TimeSpan DateShift { get; set; }

    /// <summary>Too many lines to buffer: sent one by one instead of the body.</summary>
    public IEnumerable<ReadOnlyMemory<byte>>? Lines { get; set; }

    /// <summary>A part of a file too large to buffer: sent from disk instead of the body, so most faults cannot change it.</summary>
    public FilePart? Part { get; set; }

    /// <summary>Whether the body is never compressed.</summary>
    public bool IsRaw { get; set; }

    public ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    public void Write(Action<Utf8JsonWriter> write)
    {
        using var writer = new Utf8JsonWriter(_body, Compact);
        write(writer);
    }

    public void Replace(ReadOnlySpan<byte> body)
    {
        _body = new ArrayBufferWriter<byte>(Math.Max(1, body.Length));
        _body.Write(body);
    }

    public void Fail(ApiException error)
    {
        Status = error.Status;
        _body = new ArrayBufferWriter<byte>(256);
        Write(writer => ErrorBody.Write(writer, error));
    }
}

/// <summary>A range of a file.</summary>
internal sealed record FilePart(SafeFileHandle File, long Offset, long Length);
