using System.Globalization;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Extract;

/// <summary>Takes the records of one slice out of pages that another feed has read; Customer.io is not asked again.</summary>
internal sealed class SliceWalks(Feed feed) : IExtraction
{
    private readonly RecordFlattener? _flattener = feed.Flattening is { } flattening ? new RecordFlattener(flattening) : null;

    public async Task RunAsync(CancellationToken cancel)
    {
        var number = 0;
        await foreach (var page in feed.Parent!.Spool.PagesAsync(cancel))
        {
            var walk = string.Create(CultureInfo.InvariantCulture, $"page-{number++}");
            if (!feed.Spool.Walk(walk).IsDone)
            {
                await KeepAsync(walk, page, cancel);
            }
        }
    }

    private async Task KeepAsync(string walk, ReadOnlyMemory<byte> page, CancellationToken cancel)
    {
        var draft = Draft(walk, page.Span);
        if (draft.Rows > 0)
        {
            draft = _flattener?.Apply(draft) ?? draft;
            feed.Counters.Spooled(draft.Rows, draft.Lines.Length);
            await feed.Spool.AppendAsync(draft, cancel);
        }
    }

    private PageDraft Draft(string walk, ReadOnlySpan<byte> lines)
    {
        var slice = feed.Name.Slice!;
        var draft = new PageDraft(walk) { Last = true };
        while (lines.IndexOf((byte)'\n') is var end and >= 0)
        {
            var (type, name) = RecordKind.Of(lines[..end]);
            if (slice.Takes(type, name))
            {
                draft.Add(lines[..end]);
                RecordKind.AddFields(lines[..end], draft.Fields);
            }

            lines = lines[(end + 1)..];
        }

        return draft;
    }
}
