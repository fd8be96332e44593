using System.Text.Json;

namespace Sluice.Engine.Extract;

/// <summary>How deep a record may be nested: as deep as the client lets it in, for .NET's own limit of 64 would fail a whole feed for one event's data.</summary>
internal static class RecordDepth
{
    private const int Levels = 1000;

    public static JsonReaderOptions OfReader => new() { MaxDepth = Levels };

    public static JsonDocumentOptions OfDocument => new() { MaxDepth = Levels };
}
