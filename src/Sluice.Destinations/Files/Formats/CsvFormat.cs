using System.Globalization;
using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.Files.Formats;

/// <summary>
/// CSV as RFC 4180 has it, in UTF-8 with a header; lines end with LF, which every reader takes. NULL is nothing at all and an empty text is two quotes,
/// so that they can be told apart.
/// </summary>
internal sealed class CsvFormat(Compression compression, bool guard) : ITableFormat
{
    private const string Dialect = "HEADER true, QUOTE '\"', ESCAPE '\"'";
    private const long LeastLine = 2_000_000;
    private const long LeastBuffer = 16_000_000;

    public string Extension => CompressionWords.Extend(".csv", compression);

    public bool IsReadWhole => true;

    // Most readers end a text, or give up, at NUL.
    public string? CannotHold(string column, ColumnType type) => type == ColumnType.Text ? $"contains({column}, chr(0))" : null;

    public string Copy(IReadOnlyList<TypedColumn> columns, string from, string path) =>
        $"COPY (SELECT {string.Join(", ", columns.Select(Write))} FROM {from}) TO {DuckDBLiteral.Quote(path)} " +
        $"(FORMAT csv, {Dialect}, DELIMITER ',', NULLSTR '', COMPRESSION {CompressionWords.Of(compression)})";

    public Task<string> ReadAsync(DuckDBConnection connection, FileRows files, IReadOnlyList<TypedColumn> columns, string scratch, CancellationToken cancel)
    {
        var types = columns.Select((column, place) => $"'{ColumnText.Place(place)}': '{ReadType(column)}'");
        var select = columns.Select((column, place) => $"{Read(column, ColumnText.Place(place))} AS {ColumnText.Quote(column)}");

        // A quote doubles; the rest of a row (numbers, times, commas) is small.
        var line = Math.Max(LeastLine, (files.WidestRow * 2) + (columns.Count * 64L));
        var buffer = Math.Max(LeastBuffer, line * 2);
        return Task.FromResult(string.Create(CultureInfo.InvariantCulture, $$"""
            SELECT {{string.Join(", ", select)}}, {{files.PathOf("_sluice_path")}}
            FROM read_csv({{files.List}}, auto_detect=false, header=true, delim=',', quote='"', escape='"', nullstr='', allow_quoted_nulls=false, new_line='\n',
              columns={ {{string.Join(", ", types)}} }, filename='_sluice_path', hive_partitioning=false, compression='{{CompressionWords.Of(compression)}}',
              max_line_size={{line}}, buffer_size={{buffer}})
            """));
    }

    private string Write(TypedColumn column)
    {
        var value = ColumnText.Quote(column);
        var text = ColumnText.TypeOf(column) switch
        {
            ColumnType.Timestamp => ColumnText.IsoTime(value),
            ColumnType.Text when guard => FormulaGuard.Put(value),
            _ => value,
        };
        return $"{text} AS {ColumnText.Quote(column with { Name = guard ? FormulaGuard.Name(column.Name) : column.Name })}";
    }

    private string Read(TypedColumn column, string place) => ColumnText.TypeOf(column) switch
    {
        ColumnType.Timestamp => $"CAST({place} AS TIMESTAMPTZ)",
        ColumnType.Text when guard => FormulaGuard.Take(place),
        _ => place,
    };

    private static string ReadType(TypedColumn column) => ColumnText.TypeOf(column) == ColumnType.Timestamp ? "VARCHAR" : column.Type;
}
