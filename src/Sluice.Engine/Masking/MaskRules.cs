using Sluice.Engine.Catalog;

namespace Sluice.Engine.Masking;

/// <summary>
/// Where the masks of a run hold in the records of one resource: at every path of the catalog's column of a mask's name, at every field of that
/// name however deep, at the one path that a mask with dots names, and in everything below.
/// </summary>
public sealed class MaskRules
{
    private readonly Dictionary<string, Mask> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly MaskNode _paths = new();

    /// <summary>Finds out where masks hold in a resource's records.</summary>
    public MaskRules(MaskSet masking, Resource resource)
    {
        MaskSet = masking;

        // A path is the more exact word, so that it takes the place of what a column's name says.
        foreach (var mask in masking.Masks.OrderBy(mask => mask.IsPath))
        {
            // Names may hold dots themselves.
            _names[mask.Column] = mask;
            foreach (var path in PathsOf(mask, resource))
            {
                _paths.Add(path, mask);
            }
        }
    }

    internal MaskSet MaskSet { get; }

    internal bool IsEmpty => _names.Count == 0;

    /// <summary>The whole record.</summary>
    internal MaskStep Root => new(null, _paths);

    /// <summary>Goes from an object to one of its fields; arrays are no step.</summary>
    internal MaskStep Into(MaskStep from, string field)
    {
        var node = from.Node?.Below(field);
        return new MaskStep(node?.Mask ?? _names.GetValueOrDefault(field) ?? from.Mask, node);
    }

    /// <summary>The mask that holds at a path, with dots between its keys.</summary>
    public Mask? At(string path) => path.Split('.').Aggregate(Root, Into).Mask;

    private static IEnumerable<string[]> PathsOf(Mask mask, Resource resource)
    {
        var keys = mask.Column.Split('.');
        var column = resource.Columns.FirstOrDefault(column => column.Name.Equals(keys[0], StringComparison.OrdinalIgnoreCase));
        var own = column?.Sources.Select(source => (string[])[.. source.Split('.'), .. keys[1..]]) ?? [];
        return mask.IsPath ? [keys, .. own] : own;
    }
}

/// <summary>A place that masked paths go through or end at.</summary>
internal sealed class MaskNode
{
    private readonly Dictionary<string, MaskNode> _below = new(StringComparer.OrdinalIgnoreCase);

    public Mask? Mask { get; private set; }

    public MaskNode? Below(string name) => _below.GetValueOrDefault(name);

    public void Add(IEnumerable<string> path, Mask mask)
    {
        var node = this;
        foreach (var name in path)
        {
            node = node._below.GetValueOrDefault(name) ?? (node._below[name] = new MaskNode());
        }

        node.Mask = mask;
    }
}

/// <summary>A place in a record: the mask that holds there, if any, and the paths that go on from there.</summary>
internal readonly record struct MaskStep(Mask? Mask, MaskNode? Node);
