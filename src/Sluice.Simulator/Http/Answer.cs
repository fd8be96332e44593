using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Simulator.Http;

/// <summary>An answer held in memory until the faults have had their way with it.</summary>
internal sealed class Answer
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private ArrayBufferWriter<byte> _body = new(1024);

    public int Status { get; set; } = 200;

    public string ContentType { get; set; } = "application/json; charset=utf-8";

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How far the Date header is from the simulated clock.</summary>
    public TimeSpan DateShift { get; set; }

    /// <summary>Lines that are too many to hold: sent one by one instead of the body.</summary>
    public IEnumerable<ReadOnlyMemory<byte>>? Lines { get; set; }

    /// <summary>A part of a file that is too large to hold: sent from the disk instead of the body, and out of reach of most faults.</summary>
    public FilePart? Part { get; set; }

    /// <summary>Whether the body is sent as it is, whatever the client could decompress.</summary>
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
