using System.Globalization;

namespace Sluice.CustomerIo;

/// <summary>An answer to a signed link: a file, or the rest of one, as it comes over the wire and nothing of it decoded.</summary>
public sealed class LinkedFile : IAsyncDisposable
{
    // Whoever has a signed link has the file, so errors and logs show this in its place.
    internal const string Endpoint = "GET (signed link)";

    private readonly HttpResponseMessage? _response;
    private readonly Stream _content;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private long _position;

    internal LinkedFile(HttpResponseMessage? response, Stream content, long from, TimeSpan patience, TimeProvider time)
    {
        _response = response;
        _content = content;
        _position = from;
        _patience = patience;
        _time = time;
        From = from;
    }

    /// <summary>Where in the file the bytes begin: what was asked for, or 0 when the server gives the whole file all the same.</summary>
    public long From { get; }

    /// <summary>The HTTP status: 200 for the whole file, 206 for the rest of one, 416 when there is no rest.</summary>
    public int Status => (int?)_response?.StatusCode ?? 416;

    /// <summary>The size of the whole file in bytes, or null if the server does not say.</summary>
    public long? Length { get; init; }

    /// <summary>The file's version (a strong ETag), or null if the server gives none.</summary>
    public string? Version { get; init; }

    /// <summary>Reads some of the next bytes; 0 at the end of the file.</summary>
    /// <exception cref="CustomerIoException">The bytes stopped coming before the file's end (transient).</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(_patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            int read = await _content.ReadAsync(buffer, either.Token);
            _position += read;
            return read == 0 && _position < Length ? throw Cut(null) : read;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            throw Cut(e);
        }
    }

    /// <summary>Closes the connection if bytes are left.</summary>
    public async ValueTask DisposeAsync()
    {
        await _content.DisposeAsync();
        _response?.Dispose();
    }

    private CustomerIoException Cut(Exception? cause) =>
        new(
            CustomerIoErrorKind.Body,
            LinkedFile.Endpoint,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The file stopped after {_position} of {Length?.ToString(CultureInfo.InvariantCulture) ?? "?"} bytes."),
            cause)
        {
            IsTransient = true,
        };
}
