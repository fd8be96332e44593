using System.Runtime.InteropServices;

namespace Sluice.Simulator.Data;

/// <summary>The seeded deliveries of each parent and part: built on first use and extended as the clock moves.</summary>
internal sealed class DeliveryIndex(Deliveries deliveries)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(ParentKind Kind, int Parent, int Part), List<int>> _lists = [];
    private long _indexed;

    /// <summary>Indexes from low (inclusive) to high (exclusive), in descending order.</summary>
    public IEnumerable<long> Of(DeliverySelection selection, long low, long high)
    {
        lock (_gate)
        {
            Extend(high);
            return Merge(selection, low, high);
        }
    }

    private IEnumerable<long> Merge(DeliverySelection selection, long low, long high)
    {
        var lists = selection switch
        {
            { Kind: { } kind, ParentId: { } parent } => ListResponses(key => key == (kind, parent, selection.PartId ?? 0)),
            _ => ListResponses(key => key.Part == selection.PartId && (selection.Kind is null || key.Kind == selection.Kind)
                && (selection.ParentId is null || key.Parent == selection.ParentId)),
        };
        var parts = lists.Select(list => Falling(list, PositionOf(list, high), low)).ToList();
        return parts.Count == 1 ? parts[0] : parts.SelectMany(part => part).OrderDescending();
    }

    private List<List<int>> ListResponses(Func<(ParentKind Kind, int Parent, int Part), bool> wanted)
        => [.. _lists.Where(pair => wanted(pair.Key)).Select(pair => pair.Value)];

    /// <summary>Copied under the lock: the list may grow during enumeration, but never changes below this.</summary>
    private static int PositionOf(List<int> list, long high)
    {
        var position = list.BinarySearch((int)Math.Min(high, int.MaxValue));
        return position < 0 ? ~position : position;
    }

    private static IEnumerable<long> Falling(List<int> list, int before, long low)
    {
        for (var position = before - 1; position >= 0 && list[position] >= low; position--)
        {
            yield return list[position];
        }
    }

    private void Extend(long high)
    {
        for (; _indexed < high; _indexed++)
        {
            var delivery = deliveries.At(_indexed);
            Append((delivery.Parent.Kind, delivery.Parent.Id, 0));
            Append((delivery.Parent.Kind, delivery.Parent.Id, delivery.Part.Id));
        }
    }

    private void Append((ParentKind Kind, int Parent, int Part) key)
    {
        ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_lists, key, out _);
        (list ??= []).Add((int)_indexed);
    }
}
