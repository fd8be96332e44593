using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;

namespace Sluice.Simulator.Data;

/// <summary>An export: pending until it has been asked about often enough, then a file behind a signed link.</summary>
internal sealed class Export(int id, string type, string description, long created)
{
    public int Id => id;

    public int Polls { get; set; }

    public int Downloads { get; set; }

    /// <summary>How often the file itself was fetched, in whole or in part.</summary>
    public int Fetches { get; set; }

    public bool Failed { get; set; }

    /// <summary>The file, once somebody has fetched it; it has no name any more.</summary>
    public SafeFileHandle? File { get; set; }

    /// <summary>Held while the file is made.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The rows of the file, header first, made when downloaded.</summary>
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
