using Sluice.CustomerIo;

namespace Sluice.Engine.Extract.Exports;

/// <summary>
/// The bytes of an export's file, in one piece whatever happens to connections and links: a broken download goes on by range, an expired link is
/// replaced. When the rest can't be had of the same file, <see cref="StartsOverException"/> says that the reader must begin anew.
/// </summary>
internal sealed class LinkStream(ExportApi requests, ExtractContext context, long id) : Stream
{
    private const int MostFailures = 8;
    private const int MostLinks = 3;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private Uri? _link;
    private LinkedFile? _file;
    private int _failures;
    private int _links;
    private long _position;

    /// <summary>Which file it is, as far as the server tells: its length and version.</summary>
    public string? Part { get; private set; }

    /// <summary>The file's size in bytes, once it is open and if the server tells.</summary>
    public long? WholeLength => _file?.Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Goes on behind bytes that are on disk already.</summary>
    public void GoOn(long position, string part) => (_position, Part) = (position, part);

    /// <summary>Opens the file, so that <see cref="Part"/> is known.</summary>
    public async ValueTask OpenAsync(CancellationToken cancel)
    {
        while (_file is null)
        {
            _link ??= await requests.LinkAsync(id, cancel);
            try
            {
                _file = await OpenAsync(_link, cancel);
            }
            catch (CustomerIoException error)
            {
                await AfterAsync(error, cancel);
            }
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            await OpenAsync(cancellationToken);
            try
            {
                var read = await _file!.ReadAsync(buffer, cancellationToken);
                _position += read;
                (_failures, _links) = read > 0 ? (0, 0) : (_failures, _links);
                return read;
            }
            catch (CustomerIoException error)
            {
                await CloseAsync();
                await AfterAsync(error, cancellationToken);
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The network is read asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
    }

    private async ValueTask CloseAsync()
    {
        if (_file is { } file)
        {
            _file = null;
            await file.DisposeAsync();
        }
    }

    private async Task<LinkedFile> OpenAsync(Uri link, CancellationToken cancel)
    {
        var file = await context.Client.OpenLinkAsync(link, _position, VersionOf(Part), cancel);
        var part = $"{file.Length}|{file.Version}";
        if (_position > 0 && (file.From != _position || part != Part))
        {
            await file.DisposeAsync();
            throw new StartsOverException();
        }

        Part = part;
        return file;
    }

    private async Task AfterAsync(CustomerIoException error, CancellationToken cancel)
    {
        if (!error.IsTransient)
        {
            // Most likely it has expired: a new link is cheap, but one that never works is an error.
            _link = ++_links < MostLinks ? null : throw Failed(error);
            return;
        }

        if (++_failures >= MostFailures)
        {
            throw Failed(error);
        }

        var wait = FirstWait * Math.Pow(2, _failures - 1);
        await Task.Delay(wait < LongestWait ? wait : LongestWait, context.Time, cancel);
    }

    private SluiceException Failed(CustomerIoException error) => new(
        SluiceErrorKind.Api,
        $"The file of export {id} could not be fetched: {error.Message}",
        "Run the same command again: it goes on with the same export, from where the download stopped.",
        error)
    { IsTransient = true };

    private static string? VersionOf(string? part) =>
        part?[(part.IndexOf('|', StringComparison.Ordinal) + 1)..] is { Length: > 0 } version ? version : null;
}

/// <summary>The rest of a file can't be had: the server gives only the whole, or it is another file now. Whoever reads it begins anew.</summary>
internal sealed class StartsOverException() : Exception("The file must be fetched from its beginning.");
