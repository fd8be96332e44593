namespace Sluice.Engine.Config;

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
