using System.Text.Json.Serialization;
using Sluice.Destinations.Files.Formats;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.Files.Manifest;

/// <summary>
/// All that is known of a table, in its <c>_manifest.json</c>: which files it consists of, what they hold, how far it has been read and what each
/// load did. Whoever replaces it replaces the table.
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

    /// <summary>
    /// How many loads of what was read have been committed into the table; a document of before it was counted has them in its ledger.
    /// </summary>
    public long Epoch
    {
        get => field == 0 ? Ledger.Count(load => load.Source != LedgerLine.OfWebhooks) : field;
        init;
    }

    /// <summary>Whether there is a table: state can be set for one that is not there yet.</summary>
    [JsonIgnore]
    public bool HasTable => Columns.Count > 0;

    /// <summary>The paths of all its files, those of rejects too.</summary>
    [JsonIgnore]
    public IEnumerable<string> Paths => Files.Select(file => file.Path).Concat(Rejects.Select(file => file.Path));

    /// <summary>Rows that are not marked as deleted.</summary>
    [JsonIgnore]
    public long LiveRows => Files.Sum(file => file.Rows - file.Marked);

    /// <summary>What a load did that is committed already; null when it is not.</summary>
    public LoadResult? ResultOf(string loadId) => Ledger.LastOrDefault(line => line.LoadId == loadId)?.Result();

    public TableManifest WithLoad(ManifestLoad load) => this with
    {
        Ledger = [.. Ledger.TakeLast(MostLedgerLines - 1), load],
        Epoch = Epoch + (load.Source == LedgerLine.OfWebhooks ? 0 : 1),
    };
}

/// <summary>How a table's files are made; when it changes, all of them are made anew.</summary>
/// <param name="Format">The format.</param>
/// <param name="Compression">The compression.</param>
/// <param name="FormulaGuard">Whether text that looks like a formula has an apostrophe before it; of CSV only.</param>
/// <param name="PartitionBy">The partitioning as it is given, or null.</param>
/// <param name="Bom">Whether a file begins with the byte order mark by which Excel knows UTF-8; of CSV only.</param>
internal sealed record FileLayout(
    FileFormat Format, Compression Compression, bool FormulaGuard = false, string? PartitionBy = null, bool Bom = false);

/// <summary>One file of a table.</summary>
/// <param name="Path">Its path below the table's folder, with slashes.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Marked">Those of them that are marked as deleted.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="WidestRow">A length in bytes that the text of no row goes beyond.</param>
internal sealed record DataFile(string Path, long Rows, long Marked, long Bytes, long WidestRow);

/// <summary>A file with the values of one load that did not fit.</summary>
/// <param name="Path">Its path below the table's folder.</param>
/// <param name="LoadId">The load.</param>
/// <param name="Values">How many there are.</param>
internal sealed record RejectsFile(string Path, string LoadId, long Values);

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in DuckDB's words.</param>
/// <param name="HasLongIntegers">Whether it holds, or may hold, an integer that a double does not hold exactly.</param>
internal sealed record ManifestColumn(string Name, string Type, bool HasLongIntegers);

/// <summary>The column that a field was given, as <c>_sluice_columns</c> has it elsewhere.</summary>
/// <param name="Field">The field; null for the column that holds all fields without one of their own.</param>
/// <param name="Column">The column.</param>
/// <param name="Type">Its type in DuckDB's words.</param>
/// <param name="RunId">The run that added it.</param>
/// <param name="AddedAt">When that was.</param>
internal sealed record ManifestField(string? Field, string Column, string Type, string RunId, DateTimeOffset AddedAt)
{
    /// <summary>How the field is masked; null for a field that was given a column.</summary>
    public string? Mask { get; init; }

    public static ManifestField Of(MappedColumn column) =>
        new(column.Field, column.Column, column.Type, column.RunId, column.AddedAt) { Mask = column.Mask };

    public MappedColumn Mapped() => new(Field, Column, Type, RunId, AddedAt) { Mask = Mask };
}
