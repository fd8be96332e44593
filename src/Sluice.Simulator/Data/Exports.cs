namespace Sluice.Simulator.Data;

/// <summary>All exports; two old ones are there from the start, one of them failed.</summary>
internal sealed class Exports
{
    /// <summary>How many are there from the start.</summary>
    public const int Old = 2;

    private readonly SortedDictionary<int, Export> _all = [];

    public Exports(long created)
    {
        var done = Add("customers", "Customers with segment filters - in \"Purchased Flowers\"", created);
        done.Polls = int.MaxValue;
        done.Rows = () => [["cio_id"], ["d9c100000001"]];
        done.Total = 1;
        Add("deliveries", "Full deliveries export", created + 60).Failed = true;
    }

    public IEnumerable<Export> All => _all.Values;

    /// <summary>Lets go of the files.</summary>
    public void Close()
    {
        foreach (var export in _all.Values)
        {
            export.File?.Dispose();
        }
    }

    public Export? Find(int id) => _all.GetValueOrDefault(id);

    public Export Add(string type, string description, long now)
    {
        var id = 110 + _all.Count;
        return _all[id] = new Export(id, type, description, now);
    }
}
