using System.Buffers.Binary;
using System.IO.Compression;

namespace Sluice.Engine.Extract.Exports;

/// <summary>Finds out by its first bytes what an export's file is, plain, gzip or zip, and gives its text: names and types of files lie.</summary>
internal static class ExportBody
{
    private const int MostLayers = 3;
    private const int Magic = 4;

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static async Task<Stream> OpenAsync(Stream file, CancellationToken cancel)
    {
        // A server may have compressed what was compressed before.
        for (var layer = 0; layer < MostLayers; layer++)
        {
            var start = new byte[Magic];
            var length = await file.ReadAtLeastAsync(start, Magic, throwOnEndOfStream: false, cancel);
            file = new PrefixedStream(start.AsMemory(0, length), file);
            if (start is [0x1f, 0x8b, ..])
            {
                file = new GZipStream(file, CompressionMode.Decompress);
            }
            else if (start is [(byte)'P', (byte)'K', 3, 4])
            {
                file = await ForwardZip.OpenAsync(file, cancel);
            }
            else
            {
                RefusePage(start);
                return file;
            }
        }

        throw new InvalidDataException("it is compressed more than twice");
    }

    // What a storage or a proxy says instead of giving the file; as a table it would have no known column and no row.
    private static void RefusePage(ReadOnlySpan<byte> start)
    {
        if (start.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'<' or (byte)'{', ..])
        {
            throw new InvalidDataException("it is a page (XML, HTML or JSON) and no table");
        }
    }
}

/// <summary>
/// The first file in a zip, read from front to back: .NET's own reader begins at the end and would hold all of a stream in memory. An export is one
/// file; whether all of it came is seen by its count.
/// </summary>
internal static class ForwardZip
{
    private const int HeaderBytes = 30;
    private const ushort Stored = 0;
    private const ushort Deflated = 8;
    private const ushort SizesFollow = 8;
    private const ushort Encrypted = 1;

    /// <exception cref="InvalidDataException">It is no zip that can be read so.</exception>
    public static async Task<Stream> OpenAsync(Stream zip, CancellationToken cancel)
    {
        var header = new byte[HeaderBytes];
        await zip.ReadExactlyAsync(header, cancel);
        var (flags, method) = (Number(header, 6), Number(header, 8));
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(18));
        await zip.ReadExactlyAsync(new byte[Number(header, 26) + Number(header, 28)], cancel);
        return (flags & Encrypted) != 0 ? throw new InvalidDataException("the zip is encrypted")
            : method == Deflated ? new DeflateStream(zip, CompressionMode.Decompress)
            : method == Stored && (flags & SizesFollow) == 0 && size != uint.MaxValue ? await StoredAsync(zip, size, cancel)
            : throw new InvalidDataException($"the zip is packed in a way that is not known (method {method})");
    }

    private static async Task<Stream> StoredAsync(Stream zip, uint size, CancellationToken cancel)
    {
        // Nobody packs what is large without making it smaller.
        var content = new byte[size];
        await zip.ReadExactlyAsync(content, cancel);
        await zip.DisposeAsync();
        return new MemoryStream(content);
    }

    private static ushort Number(byte[] header, int at) => BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(at));
}

/// <summary>A stream of which some bytes were read already, with those bytes in front again.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : Stream
{
    private ReadOnlyMemory<byte> _prefix = prefix;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => _prefix.IsEmpty ? rest.Read(buffer) : Take(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _prefix.IsEmpty ? rest.ReadAsync(buffer, cancellationToken) : ValueTask.FromResult(Take(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await rest.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Take(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _prefix.Length);
        _prefix.Span[..length].CopyTo(buffer);
        _prefix = _prefix[length..];
        return length;
    }
}
