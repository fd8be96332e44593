using System.Globalization;
using DuckDB.NET.Data;
using Sluice.Destinations.Files.Manifest;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.Files.Formats;

/// <summary>
/// CSV as RFC 4180 has it, in UTF-8 with a header; lines end with LF, which every reader takes. NULL is nothing at all and an empty text is two
/// quotes, so that they can be told apart.
/// </summary>
internal sealed class CsvFormat(FileLayout layout) : ITableFormat
{
    private const string ByteOrderMark = "\uFEFF";
    private const long LeastLine = 2_000_000;
    private const long LeastBuffer = 16_000_000;

    public string Extension => CompressionWords.Extend(".csv", layout.Compression);

    public bool IsReadWhole => true;

    // Most readers end a text, or give up, at NUL.
    public string? CannotHold(string column, ColumnType type) => type == ColumnType.Text ? $"contains({column}, chr(0))" : null;

    public string Copy(IReadOnlyList<TypedColumn> columns, string from, string path, long rowBytes) =>
        $"COPY (SELECT {string.Join(", ", columns.Select(Write))} FROM {from}) TO {DuckDBLiteral.Quote(path)} " +
        $"(FORMAT csv, HEADER true, QUOTE '\"', ESCAPE '\"', DELIMITER ',', NULLSTR '', COMPRESSION {CompressionWords.Of(layout.Compression)})";

    public Task<string> ReadAsync(
        DuckDBConnection connection, FileRows files, IReadOnlyList<TypedColumn> columns, string scratch, CancellationToken cancel)
    {
        var types = columns.Select((column, place) => $"'{TypedColumn.Place(place)}': '{ReadType(column)}'");
        var select = columns.Select((column, place) => $"{Read(column, TypedColumn.Place(place))} AS {column.Quoted}");

        // A quote doubles; the rest of a row (numbers, times, commas) is small.
        var line = Math.Max(LeastLine, (files.WidestRow * 2) + (columns.Count * 64L));
        var buffer = Math.Max(LeastBuffer, line * 2);
        return Task.FromResult(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                SELECT {{string.Join(", ", select)}}, {{files.PathOf("_sluice_path")}}
                FROM read_csv({{files.List}}, auto_detect=false, header=true, delim=',', quote='"', escape='"', nullstr='',
                  allow_quoted_nulls=false, new_line='\n',
                  columns={ {{string.Join(", ", types)}} }, filename='_sluice_path', hive_partitioning=false, compression='{{CompressionWords.Of(
                    layout.Compression
                )}}',
                  max_line_size={{line}}, buffer_size={{buffer}})
                """));
    }

    private string Write(TypedColumn column, int place)
    {
        var value = column.Quoted;
        var text = column.Kind switch
        {
            ColumnType.Timestamp => TypedColumn.IsoTime(value),
            ColumnType.Text when layout.FormulaGuard => FormulaGuard.Put(value),
            _ => value,
        };

        // DuckDB writes no mark, so that it goes before the first name, which is the catalog's and needs no quotes.
        var mark = layout.Bom && place == 0 ? ByteOrderMark : "";
        return $"{text} AS {(column with { Name = mark + (layout.FormulaGuard ? FormulaGuard.Name(column.Name) : column.Name) }).Quoted}";
    }

    private string Read(TypedColumn column, string place) => column.Kind switch
    {
        ColumnType.Timestamp => $"CAST({place} AS TIMESTAMPTZ)",
        ColumnType.Text when layout.FormulaGuard => FormulaGuard.Take(place),
        _ => place,
    };

    private static string ReadType(TypedColumn column) => column.Kind == ColumnType.Timestamp ? "VARCHAR" : column.Type;
}

/// <summary>
/// An apostrophe before text that a spreadsheet would take for a formula. A text that has apostrophes and then such a letter gets one more, so
/// that taking one away gives back what was there.
/// </summary>
internal static class FormulaGuard
{
    private const string Letters = @"[=+\-@\t\r]";

    // All that begins so stands before the letters, as digits do: comparing takes a tenth of the time of an expression.
    public static string Put(string value) =>
        $"CASE WHEN {value} < 'A' AND ({value} < '0' OR {value} >= ':') AND regexp_matches({value}, '^''*{Letters}') "
            + $"THEN '''' || {value} ELSE {value} END";

    public static string Take(string value) =>
        $"CASE WHEN {value} >= '''' AND {value} < '(' AND regexp_matches({value}, '^''+{Letters}') THEN substr({value}, 2) ELSE {value} END";

    public static string Name(string name)
    {
        var rest = name.TrimStart('\'');
        return rest is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{name}" : name;
    }
}
