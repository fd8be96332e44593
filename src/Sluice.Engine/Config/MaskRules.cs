using Sluice.Engine.Catalog;

namespace Sluice.Engine.Config;

/// <summary>
/// Where the masks of a run hold in the records of one resource: at every path of the catalog's column of a mask's name, at every field of that
/// name however deep, at the one path that a mask with dots names, and in everything below.
/// </summary>
internal sealed class MaskRules
{
    private readonly Dictionary<string, Mask> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly MaskNode _paths = new();

    public MaskRules(Masking masking, Resource resource)
    {
        Masking = masking;

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

    public Masking Masking { get; }

    public bool IsEmpty => _names.Count == 0;

    /// <summary>The whole record.</summary>
    public MaskStep Root => new(null, _paths);

    /// <summary>Goes from an object to one of its fields; arrays are no step.</summary>
    public MaskStep Into(MaskStep from, string field)
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
