using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Extract.Exports;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Shape;

/// <summary>Generates the SQL that reads a CSV segment into a table's columns. Columns are read by position, so that any name is allowed.</summary>
internal sealed class CsvSql(Segment segment, CsvForm form, IReadOnlyList<TableColumn> columns)
{
    private const long UsualLine = 2 * 1024 * 1024;
    private const JsonKinds Whole = JsonKinds.Integer | JsonKinds.LongInteger;

    /// <summary>Whether DuckDB can read with types at full speed: each column's values are of a single kind that its type can hold.</summary>
    public bool IsFastSafe => columns.All(column => column.Sources.All(source => !IsPresent(source) || Value(column, source) is not null));

    /// <summary>Reads with the columns' types.</summary>
    public string Fast()
    {
        var list = string.Join(", ", form.Header.Select((_, place) => $"'{NameOf(place)}': 'VARCHAR'"));
        var select = columns.Select(column => $"{FastValue(column)} AS {DuckDBIdentifier.Quote(column.Name)}");
        return $$"""
            SELECT {{string.Join(",\n  ", select)}}
            FROM read_csv({{DuckDBLiteral.Quote(
                segment.Path
            )}}, auto_detect=false, header=false, delim=',', quote='"', escape='"', nullstr='', new_line='\n',
              parallel=false{{Limits()}}, columns={ {{list}} })
            """;
    }

    private string Limits() => segment.LargestRecord * 2L <= UsualLine
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $", max_line_size={segment.LargestRecord * 2L}, buffer_size={segment.LargestRecord * 4L}");

    private string FastValue(TableColumn column)
    {
        var values = column.Sources.Where(IsPresent).Select(source => Value(column, source)!).ToList();
        return values.Count switch
        {
            0 => $"CAST(NULL AS {SqlType.Of(column.Type)})",
            1 => values[0],
            _ => $"coalesce({string.Join(", ", values)})",
        };
    }

    private bool IsPresent(IReadOnlyList<string> source) => source.Count == 1 && form.Has(source[0]);

    // Null if the values need a closer look.
    private string? Value(TableColumn column, IReadOnlyList<string> source)
    {
        var kinds = segment.Fields.GetValueOrDefault(source[0]) & ~JsonKinds.Null;
        var value = Raw(source[0]);
        var type = SqlType.Of(column.Type);
        return kinds == JsonKinds.None ? $"CAST(NULL AS {type})" : (column.Type, kinds) switch
        {
            (ColumnType.Text, JsonKinds.Text) => value,
            (ColumnType.Text, _) when (kinds & ~(JsonKinds.Text | Whole | JsonKinds.Boolean)) == JsonKinds.None => value,
            (ColumnType.Bigint, _) when (kinds & ~Whole) == JsonKinds.None => $"CAST({value} AS {type})",
            (ColumnType.Double, JsonKinds.Integer) => $"CAST({value} AS {type})",
            (ColumnType.Boolean, JsonKinds.Boolean) => $"CAST({value} AS {type})",
            (ColumnType.UnixTime, _) when (kinds & ~Whole) == JsonKinds.None => FastTime.OfSeconds($"CAST({value} AS BIGINT)", column.FirstSecond),
            (ColumnType.UnixTime or ColumnType.Timestamp, JsonKinds.Text) => FastTime.OfText(value),
            _ => null,
        };
    }

    private string Raw(string field) => form.Injected.TryGetValue(field, out var raw)
        ? raw == "null" ? "NULL" : DuckDBLiteral.Quote(raw[0] == '"' ? EngineJson.Unquote(raw) : raw)
        : NameOf(form.Header.Index().First(one => one.Item == field).Index);

    private static string NameOf(int place) => string.Create(CultureInfo.InvariantCulture, $"c{place}");
}
