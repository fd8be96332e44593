using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Manifest;

namespace Sluice.Destinations.Files;

/// <summary>How files are to be made: what <see cref="FileOption"/> sets.</summary>
internal sealed record FileSettings
{
    private FileSettings(FileLayout layout) => Layout = layout;

    /// <summary>What all files of a table have in common; the partitioning is added for each table.</summary>
    public FileLayout Layout { get; private init; }

    public IReadOnlyList<Partition> Partitions { get; init; } = [];

    /// <summary>Rows in a row group of Parquet: half of what DuckDB makes by itself, since the rows of one wait in memory.</summary>
    public int RowGroupRows { get; init; } = 61_440;

    /// <summary>Rows in a file: what a load changes is made anew by whole files, and a sheet takes no more.</summary>
    public long RowsInFile { get; init; } = 1_000_000;

    /// <summary>The settings of a format when no option is given.</summary>
    public static FileSettings Of(FileFormat format) =>
        new(new FileLayout(
            format, format == FileFormat.Parquet ? Compression.Zstd : Compression.None, FormulaGuard: format == FileFormat.Csv));

    public FileSettings Change(Func<FileLayout, FileLayout> change) => this with { Layout = change(Layout) };

    public ITableFormat Format() => Format(Layout);

    public ITableFormat Format(FileLayout layout) => layout.Format switch
    {
        FileFormat.Csv => new CsvFormat(layout),
        FileFormat.Jsonl => new JsonlFormat(layout.Compression),
        _ => new ParquetFormat(layout.Compression, RowGroupRows),
    };
}
