namespace Sluice.Simulator.Data;

/// <summary>What is known of a person; all values are text, as the API gives them.</summary>
internal sealed class PersonProfile
{
    public SortedList<string, string> Attributes { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, long> Timestamps { get; } = new(StringComparer.Ordinal);

    public List<Device> Devices { get; } = [];

    public bool Unsubscribed { get; set; }

    public void Set(string name, string value, long when)
    {
        Attributes[name] = value;
        Timestamps[name] = when;
    }

    public void Remove(string name)
    {
        Attributes.Remove(name);
        Timestamps.Remove(name);
    }
}
