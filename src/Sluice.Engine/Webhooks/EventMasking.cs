using Sluice.Engine.Extract;
using Sluice.Engine.Masking;

namespace Sluice.Engine.Webhooks;

/// <summary>Hides in an event what is masked, before anything of it is written.</summary>
public sealed class EventMasking
{
    private readonly MaskSet _masks;
    private readonly RecordRewriter? _rewriter;

    private EventMasking(MaskSet masks)
    {
        _masks = masks;
        _rewriter = RecordRewriter.For(EventColumns.Received, masks);
    }

    /// <summary>The masks of several requests: an event that goes to all of them is hidden as the strictest wants it.</summary>
    public static EventMasking Of(IEnumerable<MaskSet> masks) => new(MaskSet.Strictest([.. masks]));

    /// <summary>Whether nothing is hidden.</summary>
    public bool IsEmpty => _rewriter is null;

    /// <summary>Names the masks, so that what they have hidden is not hidden once more; it tells nothing of the salt.</summary>
    public string Applied => _masks.ToString();

    /// <summary>A body with what is masked in it replaced.</summary>
    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> body) => _rewriter is null ? body : _rewriter.Rewrite(body.Span).ToArray();

    /// <summary>The masks that a body lacks which was written when others held: those of new columns, and those that hide more.</summary>
    /// <param name="applied">What <see cref="Applied"/> was then.</param>
    public EventMasking Beyond(string applied)
    {
        var had = applied
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => one.Split(':'))
            .ToDictionary(one => one[0], one => Enum.Parse<MaskMethod>(one[1], ignoreCase: true), StringComparer.OrdinalIgnoreCase);
        return new EventMasking(_masks.Where(mask => !had.TryGetValue(mask.Column, out var method) || MaskSet.HidesMore(mask.Method, method)));
    }
}
