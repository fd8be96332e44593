using System.Text;
using Sluice.CustomerIo;
using Sluice.Engine.Extract;

namespace Sluice.Tests.Spool;

/// <summary>Makes pages of a list from records' JSON, as they come from the wire.</summary>
internal static class Pages
{
    private static readonly PageShape Shape = new() { RootKeys = ["rows"], Paged = true };

    public static Page Of(IEnumerable<string> records, string? next = null)
    {
        var body = Encoding.UTF8.GetBytes($"{{\"rows\":[{string.Join(',', records)}]}}");
        var cut = PageParser.Parse(body, Shape);
        return new Page { Body = body, Records = cut.Records, Fields = cut.Fields, Next = next };
    }

    public static PageDraft Draft(string walk, string? next, params string[] records) => RecordTransform.None.Draft(walk, Of(records, next), []);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
