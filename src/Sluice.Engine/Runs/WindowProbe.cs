using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Runs;

/// <summary>Reads one page of the newest windows and guesses from it how many pages they have.</summary>
internal sealed class WindowProbe(CustomerIoClient client, Resource resource, RequestVariant? variant)
{
    private const int EmptyWindowsUntilEnough = 2;
    private readonly PageReader _reader = new(client);
    private int _empty;

    /// <summary>Whether the last windows were empty, so that older ones are taken to be empty, too: only the plan does that, never the run.</summary>
    public bool IsExhausted => _empty >= EmptyWindowsUntilEnough;

    public async Task<double> PagesAsync(TimeWindow window, CancellationToken cancel)
    {
        var request = RequestBuilder.Build(resource, ParentRow.None, variant, window);
        await foreach (var page in _reader.ReadAsync(request, RequestBuilder.ShapeOf(resource), null, cancel))
        {
            _empty = page.Records.Count == 0 ? _empty + 1 : 0;
            return string.IsNullOrEmpty(page.Next) ? 1 : Math.Ceiling(PageDensity.PagesIn(page, window, resource.Window!.Column));
        }

        return 1;
    }
}
