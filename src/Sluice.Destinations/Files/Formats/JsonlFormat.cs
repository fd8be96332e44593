using System.Globalization;
using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.Files.Formats;

/// <summary>
/// One JSON object a line with all columns, NULL as null: nested JSON as it is, times in ISO 8601. Lines are put together here, since DuckDB's own
/// writer makes doubles of the numbers in JSON and so changes their digits.
/// </summary>
internal sealed class JsonlFormat(Compression compression) : ITableFormat
{
    // No line has the letter: JSON escapes it.
    private const string NoDelimiter = "\u0001";
    private const string NoNull = "\u0002";
    private const long LeastLine = 2_000_000;
    private const long LeastBuffer = 16_000_000;

    public string Extension => CompressionWords.Extend(".jsonl", compression);

    public bool IsReadWhole => true;

    // To escape a text, DuckDB takes six times its bytes, rounded up to a power of two.
    public int CopiesOfRecord => 16;

    public string? CannotHold(string column, ColumnType type) => null;

    public string Copy(IReadOnlyList<TypedColumn> columns, string from, string path, long rowBytes)
    {
        var members = columns.Select((column, place) => $"{DuckDBLiteral.Quote((place == 0 ? "" : ",") + Name(column) + ":")}, {Write(column)}");
        return $"COPY (SELECT concat('{{', {string.Join(", ", members)}, '}}') FROM {from}) TO {DuckDBLiteral.Quote(path)} "
            + $"(FORMAT csv, HEADER false, DELIMITER '{NoDelimiter}', QUOTE '', ESCAPE '', NULLSTR '{NoNull}', COMPRESSION " +
                $"{CompressionWords.Of(compression)})";
    }

    public async Task<string> ReadAsync(
        DuckDBConnection connection, FileRows files, IReadOnlyList<TypedColumn> columns, string scratch, CancellationToken cancel)
    {
        var longest = await JsonlLines.CopyAsync(connection, files, columns, file => Lines(files, file, columns.Count), scratch, cancel);
        var types = columns.Select((column, place) => $"'{TypedColumn.Place(place)}': '{ReadType(column)}'");
        var select = columns.Select((column, place) => $"CAST({TypedColumn.Place(place)} AS {column.Type}) AS {column.Quoted}");
        var copies = files with { Root = scratch };
        return string.Create(CultureInfo.InvariantCulture, $$"""
            SELECT {{string.Join(", ", select)}}, {{copies.PathOf("_sluice_path")}}
            FROM read_json({{copies.List}}, format='newline_delimited', compression='uncompressed', columns={ {{string.Join(
                ", ",
                types
            )}} }, filename='_sluice_path',
              hive_partitioning=false, maximum_object_size={{Math.Max(1024 * 1024, longest * 2)}})
            """);
    }

    // Any letter of a text can become six in JSON.
    private string Lines(FileRows files, string file, int columns)
    {
        var line = (files.WidestRow * 6) + (columns * 1024L);
        line = Math.Max(LeastLine, compression == Compression.None ? Math.Min(line, new FileInfo(Path.Combine(files.Root, file)).Length) : line);
        var buffer = Math.Max(LeastBuffer, line + 1);
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            SELECT line FROM read_csv({{(
                files with
                {
                    Paths = [file],
                }
            ).List}}, auto_detect=false, header=false, delim='{{NoDelimiter}}', quote='', escape='', nullstr='{{NoNull}}',
              new_line='\n', columns={'line': 'VARCHAR'}, hive_partitioning=false, compression='{{CompressionWords.Of(
                compression
            )}}', max_line_size={{line}}, buffer_size={{buffer}})
            """);
    }

    private static string Write(TypedColumn column)
    {
        var value = column.Quoted;
        var text = column.Kind switch
        {
            ColumnType.Text => $"to_json({value})",
            ColumnType.Timestamp => $"'\"' || {TypedColumn.IsoTime(value)} || '\"'",
            _ => value,
        };
        return $"coalesce(CAST({text} AS VARCHAR), 'null')";
    }

    private static string Name(TypedColumn column) => System.Text.Json.JsonSerializer.Serialize(column.Name, JsonlNames.Default.String);

    // JSON comes as a string with the text of the value, so that its digits stay.
    private static string ReadType(TypedColumn column) => column.Kind is ColumnType.Timestamp or ColumnType.Json ? "VARCHAR" : column.Type;
}
