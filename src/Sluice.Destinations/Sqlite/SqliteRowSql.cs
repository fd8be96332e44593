using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Sqlite;

/// <summary>Rows of SQLite's tables, where each value has a type of its own and a column's type is a preference.</summary>
internal sealed class SqliteRowSql : RowSql
{
    private static readonly SqliteDialect Dialect = new();

    public override string UsualSchema => "main";

    public override bool HoldsOnlyNumbers => false;

    public override Task<IReadOnlyList<EditableColumn>> ColumnsAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        session.ListAsync(
            "SELECT name, type, hidden IN (2, 3) FROM pragma_table_xinfo(@table, 'main') WHERE hidden <> 1 ORDER BY cid",
            row => new EditableColumn(row.GetString(0), row.GetString(1), FormOf(row.GetString(1).ToUpperInvariant()), row.GetBoolean(2)),
            cancel,
            ("table", SqliteDialect.NameOf(schema, table)));

    public override JsonNode? Value(DbDataReader row, int ordinal, EditableColumn column) => row.GetValue(ordinal) switch
    {
        long number => FormedValue.Of(JsonValue.Create(number), column.Form),
        double number => double.IsFinite(number) ? FormedValue.Of(JsonValue.Create(number), column.Form) : throw NoJson(column),
        byte[] => throw NoJson(column),
        _ => OfText(Dialect.Text(row, ordinal), column),
    };

    public override object? Parameter(JsonNode? value, EditableColumn column) => value?.GetValueKind() switch
    {
        null => null,
        _ when column.Form == JsonForm.Json => value.ToJsonString(),
        JsonValueKind.True => 1L,
        JsonValueKind.False => 0L,
        JsonValueKind.Number => Number(value.ToJsonString()),
        JsonValueKind.String when column.Form == JsonForm.Time => Time(value.GetValue<string>()),
        _ => FormedValue.TextOf(value),
    };

    // Whoever writes text into a column of JSON has not written JSON: it is a string then.
    private static JsonNode? OfText(string text, EditableColumn column)
    {
        try
        {
            return Parsed(text, column.Form);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static object Number(string digits) =>
        long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
        : double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : digits;

    private static string Time(string text) =>
        DateTimeOffset.TryParseExact(
            text, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? SqliteTime.Text(time)
            : text;

    private static SluiceException NoJson(EditableColumn column) => new(
        SluiceErrorKind.Destination, $"The column {column.Name} has bytes or an infinite number in a row, which JSON can't hold.",
        "Make text or a number of it, or leave the column out.");

    // SQLite's own rules of affinity, after the names that say more.
    private static JsonForm FormOf(string type) =>
        type.StartsWith("BOOL", StringComparison.Ordinal) ? JsonForm.Flag
        : type.Contains("TIMESTAMP", StringComparison.Ordinal) || type.Contains("DATETIME", StringComparison.Ordinal) ? JsonForm.Time
        : type == "DATE" ? JsonForm.Date
        : type.StartsWith("JSON", StringComparison.Ordinal) ? JsonForm.Json
        : type.Contains("INT", StringComparison.Ordinal) ? JsonForm.Number
        : type.Contains("CHAR", StringComparison.Ordinal) || type.Contains("CLOB", StringComparison.Ordinal)
            || type.Contains("TEXT", StringComparison.Ordinal) || type.Length == 0 ? JsonForm.Text
        : type.Contains("BLOB", StringComparison.Ordinal) ? JsonForm.Bytes
        : type.Contains("REAL", StringComparison.Ordinal) || type.Contains("FLOA", StringComparison.Ordinal)
            || type.Contains("DOUB", StringComparison.Ordinal) ? JsonForm.Double
        : JsonForm.Number;
}
