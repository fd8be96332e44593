using System.IO.Compression;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>A gzip body that ends too early, although the HTTP message around it is complete.</summary>
internal sealed class CutGzipFault : Fault
{
    public override void Alter(Visit visit, Answer answer)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(answer.Body.Span);
        }

        answer.Replace(buffer.ToArray().AsSpan(0, (int)buffer.Length / 2));
        answer.Headers["Content-Encoding"] = "gzip";
    }
}
