using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Manifest;
using Sluice.Engine.Catalog;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Files;

/// <summary>How files are to be made: what <see cref="FileOption"/> sets.</summary>
internal sealed record FileSettings
{
    // What begins so is a pseudo-column of BigQuery, which refuses it in tables.
    public static readonly IReadOnlyList<string> TakenBeginnings =
    [
        "_TABLE_", "_FILE_", "_PARTITION", "_ROW_TIMESTAMP", "__ROOT__", "_COLIDENTIFIER", "_CHANGE_SEQUENCE_NUMBER", "_CHANGE_TYPE",
        "_CHANGE_TIMESTAMP",
    ];

    // Columns that Redshift has in every table, and what ClickHouse calls the path of a file.
    private static readonly string[] TakenInWarehouses =
        ["oid", "tableoid", "ctid", "xmin", "cmin", "xmax", "cmax", "insertxid", "deletexid", "_path"];

    // The shortest of what warehouses take, Redshift's.
    private static readonly NameLimit Longest = new(127, "Amazon Redshift");

    private FileSettings(FileLayout layout) => Layout = layout;

    /// <summary>What all files of a table have in common; the partitioning is added for each table.</summary>
    public FileLayout Layout { get; private init; }

    public IReadOnlyList<Partition> Partitions { get; init; } = [];

    /// <summary>
    /// The names that columns can have. A reader takes the keys of partitions for columns. Parquet is for warehouses, each of which refuses other
    /// signs: names are such that all take them, in the files and in the statements of <c>sluice ddl</c>.
    /// </summary>
    public NameRules Names
    {
        get
        {
            var rules = NameRules.Default with
            {
                Taken = [.. NameRules.Default.Taken, .. Partitions.Select(partition => partition.Key)],
                TakenBeginnings = TakenBeginnings,
            };
            return Layout.Format == FileFormat.Parquet
                ? rules with { Taken = [.. rules.Taken, .. TakenInWarehouses], Limit = Longest, HasPlainLetters = true }
                : rules;
        }
    }

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
