using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;

namespace Sluice.Simulator.Data;

/// <summary>All exports; two exist from the start, one of which failed.</summary>
internal sealed class Exports
{
    /// <summary>How many exist from the start.</summary>
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

    /// <summary>Closes the files.</summary>
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

/// <summary>An export: pending until it has been polled often enough, then a file behind a signed link.</summary>
internal sealed class Export(int id, string type, string description, long created)
{
    public int Id => id;

    public int Polls { get; set; }

    public int Downloads { get; set; }

    /// <summary>How often the file was downloaded, in whole or in part.</summary>
    public int Fetches { get; set; }

    public bool Failed { get; set; }

    /// <summary>The already deleted file, once it has been downloaded for the first time.</summary>
    public SafeFileHandle? File { get; set; }

    /// <summary>Held while the file is written.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The rows of the file, header first, generated on download.</summary>
    public Func<IEnumerable<string[]>> Rows { get; set; } = () => [];

    public int Total { get; set; }

    public bool Done(int pollsNeeded) => !Failed && Polls >= pollsNeeded;

    public JsonObject ToRow(int pollsNeeded) => new()
    {
        ["id"] = id,
        ["user_id"] = 0,
        ["user_email"] = "person@example.com",
        ["total"] = Done(pollsNeeded) ? Total : 0,
        ["deduplicate_id"] = $"{id}:{created}",
        ["type"] = type,
        ["failed"] = Failed,
        ["status"] = Failed ? "failed" : Done(pollsNeeded) ? "done" : "pending",
        ["description"] = description,
        ["downloads"] = Downloads,
        ["created_at"] = created,
        ["updated_at"] = created,
    };
}
