using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>The file of an export: plain or compressed CSV, written to disk on the first download, and sent whole or from an offset.</summary>
internal static class ExportFile
{
    // Files up to this size are sent like any other response, so that faults apply to them.
    private const int LargestBody = 4 * 1024 * 1024;

    public static void Send(ApiCall call, Export export)
    {
        lock (export.Gate)
        {
            export.File ??= Make(export, call.World.Options);
        }

        var length = RandomAccess.GetLength(export.File);
        var from = From(call, length, ETag(call, export));
        if (from > length || (from == length && from > 0))
        {
            call.Response.Status = 416;
            call.Response.Headers["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes */{length}");
            return;
        }

        Describe(call, from, length);
        if (length - from > LargestBody)
        {
            call.Response.Part = new FilePart(export.File, from, length - from);
            return;
        }

        var body = new byte[length - from];
        RandomAccess.Read(export.File, body, from);
        call.Response.Replace(body);
    }

    private static void Describe(ApiCall call, long from, long length)
    {
        call.Response.IsRaw = true;
        call.Response.ContentType = call.World.Options.ExportFormat switch
        {
            "gzip" => "application/gzip",
            "zip" => "application/zip",
            _ => "text/csv",
        };
        if (call.World.Options.ExportRanges)
        {
            call.Response.Headers["Accept-Ranges"] = "bytes";
        }

        if (from > 0)
        {
            call.Response.Status = 206;
            call.Response.Headers["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{length - 1}/{length}");
        }
    }

    private static string? ETag(ApiCall call, Export export)
    {
        var tag = call.World.Options.ExportETags switch
        {
            "none" => null,
            "changing" => string.Create(CultureInfo.InvariantCulture, $"\"{export.Id}-{export.Fetches}\""),
            _ => string.Create(CultureInfo.InvariantCulture, $"\"{export.Id}\""),
        };
        export.Fetches++;
        if (tag is not null)
        {
            call.Response.Headers["ETag"] = tag;
        }

        return tag;
    }

    // RFC 9110: the range is ignored if the If-Range names another version.
    private static long From(ApiCall call, long length, string? tag)
    {
        var condition = call.Headers.IfRange.ToString();
        var range = call.Headers.Range.ToString();
        if (!call.World.Options.ExportRanges || range.Length == 0 || (condition.Length > 0 && condition != tag))
        {
            return 0;
        }

        return range.StartsWith("bytes=", StringComparison.Ordinal) && range.EndsWith('-')
            && long.TryParse(range.AsSpan(6, range.Length - 7), NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            ? Math.Min(from, length)
            : throw ApiException.Invalid("only a range bytes=N- is known");
    }

    private static SafeFileHandle Make(Export export, SimulatorOptions options)
    {
        var path = Path.GetTempFileName();
        var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        using (var body = Pack(file, options.ExportFormat))
        {
            Write(export, options, body);
        }

        // Deleted while open, so that nothing is left on disk however the process ends.
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        File.Delete(path);
        return handle;
    }

    private static void Write(Export export, SimulatorOptions options, Stream body)
    {
        using var text = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: options.ExportBom), bufferSize: 64 * 1024);
        foreach (var row in export.Rows())
        {
            text.Write(string.Join(',', row.Select(Quote)));
            text.Write("\r\n");
        }
    }

    private static Stream Pack(FileStream file, string? format) => format switch
    {
        "gzip" => new GZipStream(file, CompressionLevel.Fastest),
        "zip" => new ZippedStream(file),
        _ => file,
    };

    private static string Quote(string value)
        => value.AsSpan().IndexOfAny("\",\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>Writes the only entry of a zip file.</summary>
internal sealed class ZippedStream : Stream
{
    private readonly ZipArchive _zip;
    private readonly Stream _entry;

    public ZippedStream(Stream to)
    {
        _zip = new ZipArchive(to, ZipArchiveMode.Create);
        _entry = _zip.CreateEntry("export.csv").Open();
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => _entry.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _entry.Write(buffer);

    public override void Flush() => _entry.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _entry.Dispose();
            _zip.Dispose();
        }

        base.Dispose(disposing);
    }
}
