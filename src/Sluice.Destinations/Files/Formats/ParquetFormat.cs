using System.Globalization;
using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.Files.Formats;

/// <summary>Parquet with true types. JSON is plain text: engines differ in what they make of Parquet's JSON type.</summary>
internal sealed class ParquetFormat(Compression compression, int rowGroupRows) : ITableFormat
{
    private const long GroupBytes = 16 << 20;
    private const long LongRow = 1024;

    public string Extension => ".parquet";

    public bool IsReadWhole => false;

    public bool GathersRows => true;

    public string? CannotHold(string column, ColumnType type) => null;

    public string Copy(IReadOnlyList<TypedColumn> columns, string from, string path, long rowBytes) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"COPY (SELECT {string.Join(", ", columns.Select(Value))} FROM {from}) TO {DuckDBLiteral.Quote(path)} "
                + $"(FORMAT parquet, COMPRESSION {(compression == Compression.None ? "uncompressed" : CompressionWords.Of(compression))}, " +
                    $"ROW_GROUP_SIZE {RowsInGroup(rowBytes)})"
        );

    // DuckDB holds a whole group in memory, and more than once while it compresses it.
    private long RowsInGroup(long rowBytes) => rowBytes < LongRow
        ? rowGroupRows
        : Math.Clamp(GroupBytes / rowBytes, 1, rowGroupRows);

    private static string Value(TypedColumn column) =>
        string.Equals(column.Type, "JSON", StringComparison.Ordinal) ? $"CAST({column.Quoted} AS VARCHAR) AS {column.Quoted}" : column.Quoted;

    public Task<string> ReadAsync(
        DuckDBConnection connection, FileRows files, IReadOnlyList<TypedColumn> columns, string scratch, CancellationToken cancel)
    {
        var select = columns.Select(column => $"CAST({column.Quoted} AS {column.Type}) AS {column.Quoted}");
        return Task.FromResult(
            $"SELECT {string.Join(", ", select)}, {files.PathOf("_sluice_path")} FROM read_parquet({files.List}, filename='_sluice_path', " +
                $"hive_partitioning=false)"
        );
    }
}
