using System.Text.Json.Serialization;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Files.Manifests;

/// <summary>
/// All that is known of a table, in its <c>_manifest.json</c>: which files it consists of, what they hold, how far it has been read and what each load
/// did. Whoever replaces it replaces the table.
/// </summary>
internal sealed record TableManifest
{
    /// <summary>Its name in the table's folder.</summary>
    public const string FileName = "_manifest.json";

    /// <summary>The version of this document that is written and read.</summary>
    public const int Newest = 1;

    // Loads are many over the years, and every load writes the document anew.
    private const int MostLedgerLines = 1000;

    /// <summary>The version of the document.</summary>
    public int Version { get; init; } = Newest;

    public required string Schema { get; init; }

    public required string Table { get; init; }

    public DateTimeOffset? WrittenAt { get; init; }

    public FileLayout? Layout { get; init; }

    /// <summary>The columns of every file, in their order; empty for a table that is not there.</summary>
    public IReadOnlyList<ManifestColumn> Columns { get; init; } = [];

    /// <summary>The files that the table consists of, and no others.</summary>
    public IReadOnlyList<DataFile> Files { get; init; } = [];

    /// <summary>The files with values that did not fit, as <c>_sluice_rejects</c> has them elsewhere.</summary>
    public IReadOnlyList<RejectsFile> Rejects { get; init; } = [];

    /// <summary>Which column each field was given.</summary>
    public IReadOnlyList<ManifestField> Fields { get; init; } = [];

    /// <summary>How far the table has been read.</summary>
    public ManifestState? State { get; init; }

    /// <summary>The account of every load, the newest last.</summary>
    public IReadOnlyList<ManifestLoad> Ledger { get; init; } = [];

    /// <summary>Whether there is a table: state can be set for one that is not there yet.</summary>
    [JsonIgnore]
    public bool HasTable => Columns.Count > 0;

    /// <summary>Rows that are not marked as deleted.</summary>
    [JsonIgnore]
    public long LiveRows => Files.Sum(file => file.Rows - file.Marked);

    /// <summary>What a load did that is committed already; null when it is not.</summary>
    public LoadResult? ResultOf(string loadId) => Ledger.LastOrDefault(line => line.LoadId == loadId)?.Result();

    public TableManifest WithLoad(ManifestLoad load) => this with { Ledger = [.. Ledger.TakeLast(MostLedgerLines - 1), load] };
}
