using System.Globalization;
using System.Text.Json;
using Sluice.Engine.Catalog;

namespace Sluice.Tests.Schema;

/// <summary>Knows what a table must hold after records were loaded, and finds what it does not hold.</summary>
internal sealed class StoryOracle(Strategy strategy)
{
    private readonly OrderedDictionary<string, Story.Record> _rows = new(StringComparer.Ordinal);

    public void Add(Story.Run run)
    {
        if (strategy == Strategy.Replace)
        {
            _rows.Clear();
        }

        foreach (var record in run.Segments.SelectMany(segment => segment))
        {
            _rows[record.Id] = record;
        }
    }

    /// <summary>What is wrong with the table, in words; empty when nothing is.</summary>
    public IEnumerable<string> Wrong(StoryTable table)
    {
        if (!table.Rows.Keys.Order(StringComparer.Ordinal).SequenceEqual(_rows.Keys.Order(StringComparer.Ordinal)))
        {
            return [$"rows {string.Join(",", table.Rows.Keys)}, but sent were {string.Join(",", _rows.Keys)}"];
        }

        return _rows.Values.SelectMany(record => Wrong(record, table)).Concat(table.Problems());
    }

    private static IEnumerable<string> Wrong(Story.Record record, StoryTable table)
    {
        var row = table.Rows[record.Id];
        foreach (var (field, raw) in record.Fields.Where(field => field.Raw != "null"))
        {
            var sent = ExactJson.Parse(raw);
            var column = table.ColumnOf(field);
            var isThere = column is not null && row[column] is { } value && Holds(table.Types[column], value, sent);
            var mayBeRejected = !MustHold(StoryTable.IsOfCatalog(field) ? table.Types[column!] : "VARCHAR", sent);
            if (
                !isThere
                && !IsNever(column, table, raw)
                && !IsExtra(row, field, sent)
                && !(mayBeRejected && table.IsRejected(record.Id, column, field, raw, sent)))
            {
                yield return $"{record.Id} {field}: sent {raw}, in {column} ({(column is null ? "" : table.Types[column])}) is " +
                    $"{(column is null ? "nothing" : row[column] ?? "NULL")}";
            }
        }

        // What was not sent must not be there.
        var absent = table.Fields.Except(record.Fields.Where(field => field.Raw != "null").Select(field => field.Field), StringComparer.Ordinal);
        foreach (var field in absent.Where(field => row[table.ColumnOf(field)!] is not null))
        {
            yield return $"{record.Id} {field}: nothing was sent, in {table.ColumnOf(field)} is {row[table.ColumnOf(field)!]}";
        }
    }

    private static bool Holds(string type, string value, JsonElement sent) =>
        type switch
        {
            _ when ExactJson.HasHalfPairs(sent) => false,
            "VARCHAR" => sent.ValueKind == JsonValueKind.String
                ? sent.GetString() == value
                : ExactJson.IsJson(value) && ExactJson.Same(ExactJson.Parse(value), sent),
            "JSON" => ExactJson.Same(ExactJson.Parse(value), sent),
            "BOOLEAN" => (sent.ValueKind == JsonValueKind.String ? sent.GetString() : sent.GetRawText()) == value,
            "BIGINT" => sent.ValueKind == JsonValueKind.String
                ? sent.GetString() == value
                : sent.ValueKind == JsonValueKind.Number && ExactJson.SameNumber(sent.GetRawText(), value),
            "DOUBLE" => sent.ValueKind is JsonValueKind.Number or JsonValueKind.String
                && ExactJson.SameNumber(sent.ValueKind == JsonValueKind.String ? sent.GetString()! : sent.GetRawText(), value),
            _ => SameTime(sent, long.Parse(value, CultureInfo.InvariantCulture)),
        };

    // A column of the catalog rejects what its type can't hold, and no more; a column made for a field is made to hold it.
    private static bool MustHold(string type, JsonElement sent)
    {
        var raw = sent.GetRawText();
        var isInteger = sent.ValueKind == JsonValueKind.Number && !raw.AsSpan().ContainsAny('.', 'e', 'E');
        return type switch
        {
            "VARCHAR" or "JSON" => !ExactJson.HasHalfPairs(sent),
            "BOOLEAN" => sent.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "BIGINT" => isInteger && long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "DOUBLE" => sent.ValueKind == JsonValueKind.Number && sent.TryGetDouble(out var number) && double.IsFinite(number)
                && ExactJson.SameNumber(number.ToString("R", CultureInfo.InvariantCulture), raw) && (!isInteger || Math.Abs(number) < 1L << 53),
            _ => raw is "\"2026-01-02\"" or "\"2026-01-02T03:04:05.678Z\"",
        };
    }

    private static bool SameTime(JsonElement sent, long microseconds)
    {
        var time = DateTimeOffset.UnixEpoch.AddTicks(microseconds * 10);
        var text = sent.ValueKind == JsonValueKind.String ? sent.GetString()! : sent.GetRawText();
        var seconds = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return (text == seconds || (sent.ValueKind == JsonValueKind.Number && ExactJson.SameNumber(text, seconds))) && microseconds % 1_000_000 == 0
            || (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) && parsed == time);
    }

    private static bool IsNever(string? column, StoryTable table, string raw) =>
        column == "u" && table.Types[column] == "TIMESTAMP WITH TIME ZONE"
        && (raw == "\"0\"" || (raw[0] is '-' or (>= '0' and <= '9') && ExactJson.SameNumber(raw, "0")));

    private static bool IsExtra(IReadOnlyDictionary<string, string?> row, string field, JsonElement sent) =>
        row.GetValueOrDefault("_extra") is { } extra && ExactJson.Parse(extra).TryGetProperty(field, out var value) && ExactJson.Same(value, sent);
}
