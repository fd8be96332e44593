using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Manifests;
using Sluice.Destinations.Files.Partitions;

namespace Sluice.Destinations.Files;

/// <summary>How files are to be made.</summary>
internal sealed record FileSettings
{
    public required FileFormat FileFormat { get; init; }

    public required Compression Compression { get; init; }

    public bool FormulaGuard { get; init; }

    public IReadOnlyList<Partition> Partitions { get; init; } = [];

    /// <summary>Rows in a row group of Parquet: half of what DuckDB makes by itself, since the rows of one wait in memory.</summary>
    public int RowGroupRows { get; init; } = 61_440;

    /// <summary>Rows in a file: what a load changes is made anew by whole files, and a sheet takes no more.</summary>
    public long RowsInFile { get; init; } = 1_000_000;

    public ITableFormat Format() => Format(Layout([]));

    public ITableFormat Format(FileLayout layout) => layout.Format switch
    {
        FileFormat.Csv => new CsvFormat(layout.Compression, layout.FormulaGuard),
        FileFormat.Jsonl => new JsonlFormat(layout.Compression),
        _ => new ParquetFormat(layout.Compression, RowGroupRows),
    };

    public FileLayout Layout(IReadOnlyList<Partition> partitions) => new(FileFormat, Compression, FormulaGuard, Partition.Write(partitions));
}
