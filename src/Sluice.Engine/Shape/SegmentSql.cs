using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Extract;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Shape;

/// <summary>Generates the SQL that reads a segment into a table's columns.</summary>
internal sealed class SegmentSql(Segment segment, IReadOnlyList<TableColumn> columns)
{
    private const int LeastObjectBytes = 1024 * 1024;

    // DuckDB rewrites JSON with numbers as doubles: a number with more digits would lose some.
    private const JsonKinds Anything = JsonKinds.Null | JsonKinds.Boolean | JsonKinds.Integer | JsonKinds.LongInteger | JsonKinds.Fraction
        | JsonKinds.Text | JsonKinds.Object | JsonKinds.Array;

    /// <summary>
    /// Whether every field's kinds fit the column they go to, so that DuckDB may read with types at full speed. A field without a name or
    /// with NUL in it can't be read so, for SQL has no identifier for it, nor a record that has a name that a stamp takes.
    /// </summary>
    public bool IsFastSafe =>
        !HasNamesThatDifferByCase()
        && !segment.Fields.Keys.Any(HasNoIdentifier)
        && columns.All(column => column.Sources.All(source => Fits(column, source)));

    /// <summary>Reads with the catalog's types.</summary>
    public string Fast()
    {
        var fields = FieldTypes();
        var list = string.Join(", ", fields.Select(field => $"{DuckDBLiteral.Quote(field.Key)}: {DuckDBLiteral.Quote(field.Value)}"));
        var select = columns.Select(column => $"{FastValue(column)} AS {DuckDBIdentifier.Quote(column.Name)}");
        var source = fields.Count == 0
            ? $"(SELECT 1 FROM {Objects()})"
            : $"read_json({FileName()}, format='newline_delimited', columns={{{list}}}, {Limits()})";
        return $"SELECT {string.Join(",\n  ", select)}\nFROM {source}";
    }

    private bool HasNoIdentifier(string field) => field.Length == 0 || field.Contains('\0', StringComparison.Ordinal) || IsInjectedColumn(field);

    private bool IsInjectedColumn(string field) =>
        InjectedColumns.IsInjected(field) && columns.Any(column => column.Field is null && column.Sources.Any(source => source[0] == field));

    private Dictionary<string, string> FieldTypes()
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            foreach (var source in column.Sources.Where(source => IsPresent(source[0])))
            {
                var type = source.Count > 1 ? "JSON" : ReadType(column.Type);
                types[source[0]] =
                    types.TryGetValue(source[0], out var other) && !string.Equals(other, type, StringComparison.Ordinal) ? "JSON" : type;
            }
        }

        return types;
    }

    private string FastValue(TableColumn column)
    {
        var types = FieldTypes();
        var values = column.Sources.Where(source => IsPresent(source[0])).Select(source => FastSource(column, source, types[source[0]])).ToList();
        var value = values.Count switch
        {
            0 => $"CAST(NULL AS {ReadType(column.Type)})",
            1 => values[0],
            _ => $"coalesce({string.Join(", ", values)})",
        };
        return column.Type switch
        {
            ColumnType.UnixTime => FastTime.OfSeconds(value, column.FirstSecond),
            ColumnType.Timestamp => FastTime.OfText(value),
            _ => value,
        };
    }

    private static string FastSource(TableColumn column, IReadOnlyList<string> source, string readType)
    {
        var field = DuckDBIdentifier.Quote(source[0]);
        if (!string.Equals(readType, "JSON", StringComparison.Ordinal))
        {
            return field;
        }

        var path = DuckDBLiteral.Quote(PointerTo(source.Skip(1)));
        return column.Type == ColumnType.UnixTime && source.Count > 1 ? FastTime.Whole($"({field}->>{path})")
            : column.Type == ColumnType.Json
            ? source.Count == 1 ? field : $"nullif(json_extract({field}, {path}), 'null')"
            : $"CAST({field}->>{path} AS {ReadType(column.Type)})";
    }

    private bool Fits(TableColumn column, IReadOnlyList<string> source)
    {
        if (!segment.Fields.TryGetValue(source[0], out var kinds))
        {
            return true;
        }

        // Inside an object the kinds are unknown: text is certain to fit, and the SQL for times fails where one does not.
        var allowed = source.Count == 1 ? Allowed(column.Type)
            : column.Type is ColumnType.Text or ColumnType.Json or ColumnType.UnixTime ? Anything
            : JsonKinds.None;
        return (kinds & ~allowed) == JsonKinds.None;
    }

    private static JsonKinds Allowed(ColumnType type) => JsonKinds.Null | type switch
    {
        ColumnType.Bigint or ColumnType.UnixTime => JsonKinds.Integer | JsonKinds.LongInteger,
        ColumnType.Double => JsonKinds.Integer | JsonKinds.Fraction,
        ColumnType.Boolean => JsonKinds.Boolean,
        ColumnType.Text => JsonKinds.Text,
        ColumnType.Timestamp => JsonKinds.Text,
        _ => Anything,
    };

    private bool HasNamesThatDifferByCase()
    {
        var names = columns
            .SelectMany(column => column.Sources)
            .Select(source => source[0])
            .Where(IsPresent)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return names.Distinct(StringComparer.OrdinalIgnoreCase).Count() < names.Count || segment.Fields.HasRepeatedNames || ShadowedByCase(names);
    }

    // DuckDB falls back to a case-insensitive match of keys: "Name" must not fill the column of "name".
    private bool ShadowedByCase(List<string> names) =>
        segment.Fields.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() < segment.Fields.Count && names.Count > 0;

    private bool IsPresent(string field) => segment.Fields.ContainsKey(field) || InjectedColumns.IsInjected(field);

    private string Objects() => $"read_ndjson_objects({FileName()}, {Limits()}) AS source(record)";

    private string FileName() => DuckDBLiteral.Quote(segment.Path);

    private string Limits() => string.Create(
        CultureInfo.InvariantCulture, $"maximum_object_size={Math.Max(LeastObjectBytes, segment.LargestRecord + 1024L)}");

    private static string ReadType(ColumnType type) => type switch
    {
        ColumnType.Bigint or ColumnType.UnixTime => "BIGINT",
        ColumnType.Double => "DOUBLE",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Json => "JSON",
        _ => "VARCHAR",
    };

    // RFC 6901: unlike a JSONPath a pointer can name any key, and it is case-sensitive.
    private static string PointerTo(IEnumerable<string> keys) =>
        string.Concat(keys.Select(key => "/" + key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));
}

/// <summary>ISO 8601 times in the range of a TIMESTAMPTZ: years 1 to 9999, to the microsecond.</summary>
internal static partial class IsoTime
{
    public const long FirstUnixSecond = -62135596800;
    public const long LastUnixSecond = 253402300799;

    /// <summary>The accepted pattern, for both .NET and RE2, which DuckDB uses.</summary>
    public const string Pattern = @"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?)?";

    /// <summary>
    /// The time in a form that DuckDB casts, or null if the text is not a time; without an offset it is UTC. What is finer than a microsecond,
    /// as far as nanoseconds, is cut off and never rounded up.
    /// </summary>
    public static string? ForDuckDb(string text)
    {
        var kept = FinerThanMicroseconds().Replace(text, "");
        return Whole().IsMatch(kept)
            && DateTimeOffset.TryParse(
                kept, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                ? ForDuckDb(time)
                : null;
    }

    /// <summary>The time that many seconds after 1970, or null if it is out of range.</summary>
    public static string? ForDuckDb(long unixSeconds) =>
        unixSeconds is >= FirstUnixSecond and <= LastUnixSecond ? ForDuckDb(DateTimeOffset.FromUnixTimeSeconds(unixSeconds)) : null;

    private static string ForDuckDb(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "+00";

    [GeneratedRegex(@"(?<=^.{10}[T ][0-9:]{8}\.[0-9]{6})[0-9]{1,3}(?=Z|[+-]|\z)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FinerThanMicroseconds();

    [GeneratedRegex("^(" + Pattern + @")\z", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Whole();
}

/// <summary>
/// SQL that converts values to times. DuckDB would round times that it can't keep to the microsecond: those fail the statement, and the segment is
/// safe-cast instead.
/// </summary>
internal static class FastTime
{
    // Microseconds, so that DuckDB converts without a float in between; 0 stands for "never".
    public static string OfSeconds(string value, long first) => Checked(
        $"{value} BETWEEN {first} AND {IsoTime.LastUnixSecond} OR {value} = 0", $"make_timestamptz(nullif({value}, 0) * 1000000)", value);

    /// <summary>The whole number that a text is; DuckDB itself would round, and take 007 for a number.</summary>
    public static string Whole(string text) =>
        $"CASE WHEN regexp_full_match({text}, '-?(0|[1-9][0-9]{{0,17}})') THEN CAST({text} AS BIGINT) "
        + $"WHEN {text} IS NOT NULL THEN CAST(error('odd number') AS BIGINT) END";

    public static string OfText(string value) =>
        Checked($"regexp_full_match({value}, {DuckDBLiteral.Quote(IsoTime.Pattern)})", $"CAST({value} AS TIMESTAMPTZ)", value);

    private static string Checked(string condition, string read, string value) =>
        $"CASE WHEN {condition} THEN {read} WHEN {value} IS NOT NULL THEN CAST(error('odd time') AS TIMESTAMPTZ) END";
}
