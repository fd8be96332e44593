using System.Text;
using Sluice.Engine.Spool;

namespace Sluice.Tests.Spool;

/// <summary>A folder of a feed for one test.</summary>
internal sealed class SpoolBench : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sluice-spool-").FullName;

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public string Folder => Path.Combine(_root, "feed");

    public string Manifest => Path.Combine(Folder, Sluice.Engine.Spool.Manifest.FileName);

    public PageSpool Open(string fingerprint = "question", TimeSpan later = default, long segmentBytes = PageSpool.DefaultSegmentBytes) =>
        PageSpool.Open(Folder, new SpoolHeader(fingerprint, Now + later), segmentBytes);

    public string SegmentPath(int number) => Segment.PathIn(Folder, number);

    public static async Task<string> PagesOf(PageSpool spool)
    {
        var text = new StringBuilder();
        await foreach (var page in spool.PagesAsync(CancellationToken.None))
        {
            text.Append(Pages.Text(page));
        }

        return text.ToString();
    }

    public static async Task<List<Segment>> SegmentsOf(PageSpool spool)
    {
        var segments = new List<Segment>();
        await foreach (var segment in spool.SegmentsAsync(CancellationToken.None))
        {
            segments.Add(segment);
        }

        return segments;
    }

    public static async Task<string> RecordsOf(PageSpool spool)
    {
        var text = "";
        foreach (var segment in await SegmentsOf(spool))
        {
            text += await File.ReadAllTextAsync(segment.Path);
        }

        return text;
    }

    public void Dispose()
    {
        if (Directory.Exists(_root))
        {
            Directory.Delete(_root, recursive: true);
        }
    }
}
