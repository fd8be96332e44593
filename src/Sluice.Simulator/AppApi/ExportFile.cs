using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>The file of an export: CSV, plain or compressed, made on the disk when it is first fetched, and given whole or from some byte on.</summary>
internal static class ExportFile
{
    // What fits here is sent like any other answer, so that faults can have their way with it.
    private const int LargestBody = 4 * 1024 * 1024;

    public static void Answer(Exchange exchange, Export export)
    {
        lock (export.Gate)
        {
            export.File ??= Make(export, exchange.World.Options);
        }

        var length = RandomAccess.GetLength(export.File);
        var from = From(exchange, length, ETag(exchange, export));
        if (from > length || (from == length && from > 0))
        {
            exchange.Answer.Status = 416;
            exchange.Answer.Headers["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes */{length}");
            return;
        }

        Describe(exchange, from, length);
        if (length - from > LargestBody)
        {
            exchange.Answer.Part = new FilePart(export.File, from, length - from);
            return;
        }

        var body = new byte[length - from];
        RandomAccess.Read(export.File, body, from);
        exchange.Answer.Replace(body);
    }

    private static void Describe(Exchange exchange, long from, long length)
    {
        exchange.Answer.IsRaw = true;
        exchange.Answer.ContentType = exchange.World.Options.ExportFormat switch { "gzip" => "application/gzip", "zip" => "application/zip", _ => "text/csv" };
        if (exchange.World.Options.ExportRanges)
        {
            exchange.Answer.Headers["Accept-Ranges"] = "bytes";
        }

        if (from > 0)
        {
            exchange.Answer.Status = 206;
            exchange.Answer.Headers["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{length - 1}/{length}");
        }
    }

    private static string? ETag(Exchange exchange, Export export)
    {
        var tag = exchange.World.Options.ExportETags switch
        {
            "none" => null,
            "changing" => string.Create(CultureInfo.InvariantCulture, $"\"{export.Id}-{export.Fetches}\""),
            _ => string.Create(CultureInfo.InvariantCulture, $"\"{export.Id}\""),
        };
        export.Fetches++;
        if (tag is not null)
        {
            exchange.Answer.Headers["ETag"] = tag;
        }

        return tag;
    }

    // RFC 9110: with an If-Range of another version the range is not looked at.
    private static long From(Exchange exchange, long length, string? tag)
    {
        var condition = exchange.Headers.IfRange.ToString();
        var range = exchange.Headers.Range.ToString();
        if (!exchange.World.Options.ExportRanges || range.Length == 0 || (condition.Length > 0 && condition != tag))
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

        // Its name goes at once, so that nothing is left of it when the process ends, however that is.
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
