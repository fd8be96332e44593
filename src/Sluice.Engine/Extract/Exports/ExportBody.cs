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
                return file;
            }
        }

        throw new InvalidDataException("it is compressed more than twice");
    }
}
