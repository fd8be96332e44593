using System.Text.Json;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract;

/// <summary>How deep a record may be nested: as deep as the client lets it in, for .NET's own limit of 64 would fail a whole feed for one event's data.</summary>
internal static class RecordDepth
{
    public static JsonReaderOptions OfReader => new() { MaxDepth = JsonLimits.MaxDepth };

    public static JsonDocumentOptions OfDocument => new() { MaxDepth = JsonLimits.MaxDepth };
}
