using System.Globalization;

namespace Sluice.Engine.Extract;

/// <summary>Takes the records of one kind out of pages that another extraction has read; Customer.io is not asked again.</summary>
internal sealed class SplitExtractor(ExtractionRun run) : IExtractor
{
    private readonly RecordTransform _transform = RecordTransform.ForKept(run.Extraction);

    public async Task RunAsync(CancellationToken cancel)
    {
        var number = 0;
        await foreach (var page in run.Parent!.Sink.PagesAsync(cancel))
        {
            var draft = new PageDraft(string.Create(CultureInfo.InvariantCulture, $"page-{number++}")) { Last = true };
            if (!run.HasEnough && !run.Sink.Partition(draft.Partition).IsDone)
            {
                Fill(draft, page.Span);
                if (draft.Rows > 0)
                {
                    await run.KeepAsync(draft, cancel);
                }
            }
        }
    }

    private void Fill(PageDraft draft, ReadOnlySpan<byte> lines)
    {
        while (lines.IndexOf((byte)'\n') is var end and >= 0)
        {
            var (type, name) = RecordFields.TypeAndName(lines[..end]);
            if (run.Extraction.Key.Slice!.Takes(type, name))
            {
                _transform.Add(draft, lines[..end], []);
                RecordFields.AddTo(lines[..end], draft.Fields);
            }

            lines = lines[(end + 1)..];
        }
    }
}
