using System.Globalization;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using Sluice.Engine;
using Sluice.Engine.DuckDb;

namespace Sluice.Writes.Import;

/// <summary>
/// The lines of JSON lines that hold no JSON. DuckDB gives a row without values for a broken one, and none for an empty one, so that of neither its
/// own reader tells the place.
/// </summary>
internal static class OddLines
{
    /// <summary>Finds them: an empty line has no reason.</summary>
    public static async Task<IReadOnlyList<BadLine>> ReadAsync(DuckDBConnection connection, SourceFile file, int place, CancellationToken cancel)
    {
        if (file.Format != SourceFormat.JsonLines)
        {
            return [];
        }

        var lines = $"read_csv({ConnectionExtensions.QuotePath(file.Path)}, columns = {{'line': 'VARCHAR'}}, auto_detect = false, header = false, "
            + "delim = chr(1), quote = '', escape = '', buffer_size = 8388608)";
        try
        {
            // Counting takes a fifth of the time of looking at each line, of which none is odd as a rule.
            var odd = await connection.ScalarAsync($"SELECT (SELECT count(*) FROM {lines}) - (SELECT count(json) FROM {file.Sql()})", cancel);
            return odd == 0 ? [] : await connection.ListAsync(
                $"SELECT number, line FROM (SELECT row_number() OVER () AS number, coalesce(line, '') AS line FROM {lines}) "
                    + "WHERE trim(line) = '' OR NOT json_valid(line) ORDER BY number",
                row => new BadLine(place, row.GetInt64(0), string.IsNullOrWhiteSpace(row.GetString(1)) ? "" : Reason(row.GetString(1))),
                cancel);
        }
        catch (DuckDBException)
        {
            // A line of megabytes, or with a character that no JSON has: its row is rejected all the same, without the place in it.
            return [];
        }
    }

    /// <summary>The error of a file that has no columns.</summary>
    public static SluiceException NoObject(SourceFile file) => new(
        SluiceErrorKind.Config,
        $"{Path.GetFileName(file.Path)} has no columns, for none of its {(file.HasLines ? "lines" : "rows")} is a JSON object with members.",
        "A row is written as {\"id\": \"1\", \"plan\": \"free\"}.");

    private static string Reason(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        try
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read())
            {
            }

            return "DuckDB does not take it";
        }
        catch (JsonException wrong)
        {
            var at = Math.Min((int)(wrong.BytePositionInLine ?? 0), bytes.Length);
            var end = wrong.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            var message = end > 0 ? wrong.Message[..end] : wrong.Message;
            return string.Create(CultureInfo.InvariantCulture, $"column {Encoding.UTF8.GetCharCount(bytes.AsSpan(0, at)) + 1}: {message}");
        }
    }
}
