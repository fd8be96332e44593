using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;

namespace Sluice.Writes.Import;

/// <summary>What the text of a value stands for.</summary>
public enum ValueKind
{
    /// <summary>Nothing is known yet: no value was seen.</summary>
    Nothing,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A number, written as JSON writes it.</summary>
    Number,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A date or a time, which becomes unix seconds.</summary>
    Time,

    /// <summary>A value that is JSON already.</summary>
    Json,
}

/// <summary>A column of the source.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its values stand for.</param>
/// <param name="Type">DuckDB's type of it, where the file has types.</param>
public sealed record SourceColumn(string Name, ValueKind Kind, string Type = "VARCHAR")
{
    internal const string JsonType = "JSON";

    internal static SourceColumn OfType(string name, string type, bool isCsv) => new(
        name,
        isCsv ? ValueKind.Nothing
        : type is "VARCHAR" or "UUID" || type.StartsWith("ENUM", StringComparison.Ordinal) ? ValueKind.Text
        : ValueKind.Json,
        type);

    internal static SourceColumn OfJson(string name) => new(name, ValueKind.Json, JsonType);

    /// <summary>Whether it is a member of JSON, whose values have types of their own.</summary>
    internal bool IsOfJson => Kind == ValueKind.Json && Type == JsonType;

    /// <summary>The place of a member of JSON, quoted.</summary>
    internal string Pointer =>
        DuckDBLiteral.Quote("/" + Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));

    /// <summary>The value of a member of JSON as text.</summary>
    internal string TextOf(string member) => Kind == ValueKind.Json ? $"{member}::VARCHAR" : $"json_extract_string({member}, '$')";

    /// <summary>The value of a column of rows as text.</summary>
    internal string Sql()
    {
        var name = DuckDBIdentifier.Quote(Name);
        return Kind != ValueKind.Json || Type == "VARCHAR" ? $"{name}::VARCHAR"
            : Type is "DATE" or "TIMESTAMP" or "TIMESTAMP WITH TIME ZONE" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS"
                ? $"epoch({name})::BIGINT::VARCHAR"
            : Type is "DOUBLE" or "FLOAT" ? $"{name}::VARCHAR"
            : $"to_json({name})::VARCHAR";
    }
}

/// <summary>Which kind all values of a column of text have.</summary>
internal static class Kinds
{
    /// <summary>Counts values, those that are numbers, and those that are true or false.</summary>
    // NaN and the infinities decide nothing: among numbers their rows are rejected, where they would make a text of every other value.
    public static string CountSql(string column) =>
        $"count(*) FILTER (WHERE NOT regexp_full_match({column}, '-?(nan|inf|infinity)', 'i')), "
        + $"count(*) FILTER (WHERE regexp_full_match({column}, '-?(0|[1-9][0-9]{{0,14}})(\\.[0-9]{{1,9}})?')), "
        + $"count(*) FILTER (WHERE {column} IN ('true', 'false'))";

    // 007 and +49 are text: as numbers they would be 7 and 49.
    public static ValueKind Of(long values, long numbers, long booleans) =>
        values == 0 ? ValueKind.Nothing
        : numbers == values ? ValueKind.Number
        : booleans == values ? ValueKind.Boolean
        : ValueKind.Text;

    public static ValueKind Join(ValueKind one, ValueKind other) =>
        one == ValueKind.Nothing ? other
        : other == ValueKind.Nothing || one == other ? one
        : ValueKind.Text;
}

/// <summary>The row that is being read: its place and its values as text; null where there is none.</summary>
internal sealed class SourceRow(int columns)
{
    private readonly string?[] _values = new string?[columns];
    private Queue<BadLine> _badLines = new();
    private Queue<BadLine> _oddLines = new();
    private SourceFile? _source;
    private long _record;
    private long _nextLine;

    /// <summary>The row's number in all files, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Its first line in its file, or its number there when it has no lines.</summary>
    public long Line { get; private set; }

    public int File { get; private set; }

    /// <summary>The lines before it that can't be read.</summary>
    public List<BadLine> Passed { get; } = [];

    /// <summary>Why none of its values can be read: its line is no JSON, or no object; null for any other row.</summary>
    public string? Unread { get; private set; }

    public string? this[int column] => _values[column];

    /// <summary>Begins a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="file">Its place among the files.</param>
    /// <param name="badLines">The lines of CSV that DuckDB passes.</param>
    /// <param name="oddLines">The lines of JSON that are empty, and passed, or no JSON, and rows without values.</param>
    public void Begin(SourceFile source, int file, IEnumerable<BadLine> badLines, IEnumerable<BadLine> oddLines)
    {
        (_source, File, _badLines, _oddLines) = (source, file, new Queue<BadLine>(badLines), new Queue<BadLine>(oddLines));
        _nextLine = _record = source.IsCsv ? 2 : 1;
    }

    // DuckDB counts a value's line breaks as none: its number of a bad line is that of the record.
    public void Take(DuckDBDataReader reader)
    {
        Pass(_record);
        var reason = ReasonOfOddLines();
        (Number, Line, _record) = (Number + 1, _nextLine++, _record + 1);
        Unread = _source!.IsJson ? Judge(reader.IsDBNull(_values.Length) ? null : reader.GetString(_values.Length), reason) : null;
        for (var column = 0; column < _values.Length; column++)
        {
            _values[column] = reader.IsDBNull(column) ? null : reader.GetString(column);
            if (_source!.IsCsv && _values[column] is { } text)
            {
                _nextLine += text.AsSpan().Count('\n');
            }
        }
    }

    private string? ReasonOfOddLines()
    {
        for (; _oddLines.TryPeek(out var odd) && odd.Line == _nextLine; _nextLine++)
        {
            if (_oddLines.Dequeue().Reason is { Length: > 0 } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private static string NoObject(string what) => $"The row is no JSON object but {what}, so that it has no columns";

    private static string? Judge(string? type, string? reason) => type switch
    {
        "OBJECT" => null,
        null => $"The line is no JSON{(reason is null ? "" : $": {reason}")}",
        "ARRAY" => NoObject("an array"),
        "VARCHAR" => NoObject("a text"),
        "BOOLEAN" => NoObject("true or false"),
        "NULL" => NoObject("null"),
        _ => NoObject("a number"),
    };

    /// <summary>Passes the bad lines up to a record; what stands behind the last row is passed at the end of the file.</summary>
    public void Pass(long record)
    {
        for (; _badLines.TryPeek(out var bad) && bad.Line <= record; record++)
        {
            Passed.Add(_badLines.Dequeue() with { Line = _nextLine++ });
            _record++;
        }
    }

    /// <summary>Passes the bad lines that are left in the file.</summary>
    public void End() => Pass(long.MaxValue - 1);
}
