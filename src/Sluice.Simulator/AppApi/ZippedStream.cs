using System.IO.Compression;

namespace Sluice.Simulator.AppApi;

/// <summary>A file that becomes the one entry of a zip.</summary>
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
