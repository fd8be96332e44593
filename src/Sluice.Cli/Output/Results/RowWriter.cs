using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Sql;
using Sluice.Sql.Text;

namespace Sluice.Cli.Output.Results;

/// <summary>Writes the rows of a result as they come.</summary>
internal static class RowWriter
{
    /// <summary>Writes all rows; gives their number.</summary>
    /// <param name="result">The rows.</param>
    /// <param name="format">table, box, markdown, csv, json or jsonl.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="cancel">Stops between rows.</param>
    public static async Task<long> WriteAsync(QueryResult result, string format, TextWriter to, CancellationToken cancel)
    {
        var reader = result.Reader;
        string[] names = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        IRowFormat rows = format switch
        {
            "csv" => new CsvRows(to),
            "json" => new JsonRows(to, JsonTypes(result), isArray: true),
            "jsonl" => new JsonRows(to, JsonTypes(result), isArray: false),
            "markdown" => new MarkdownRows(to),
            "box" => new AlignedRows(to, Frame.Box),
            _ => new AlignedRows(to, Frame.Plain),
        };
        await rows.BeginAsync(names);
        var count = 0L;
        while (await result.ReadAsync(cancel))
        {
            await rows.AddAsync([.. Enumerable.Range(0, names.Length).Select(place => reader.IsDBNull(place) ? null : reader.GetValue(place))]);
            count++;
        }

        await rows.EndAsync();
        return count;
    }

    // JSON within JSON is no text.
    private static bool[] JsonTypes(QueryResult result) =>
        [.. Enumerable.Range(0, result.Reader.FieldCount).Select(place => result.IsJson(place))];
}

/// <summary>A way of writing rows.</summary>
internal interface IRowFormat
{
    Task BeginAsync(string[] names);

    Task AddAsync(object?[] row);

    Task EndAsync();
}

/// <summary>RFC 4180: NULL is an empty field, empty text is quoted.</summary>
internal sealed class CsvRows(TextWriter to) : IRowFormat
{
    public Task BeginAsync(string[] names) => AddAsync([.. names]);

    public Task AddAsync(object?[] row) => to.WriteAsync(CsvLine.Of(row));

    public Task EndAsync() => Task.CompletedTask;
}

/// <summary>One object for each row, in an array or one a line.</summary>
internal sealed class JsonRows(TextWriter to, bool[] isJson, bool isArray) : IRowFormat
{
    private static readonly JsonWriterOptions Lax = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private string[] _names = [];
    private bool _hasRows;

    public Task BeginAsync(string[] names)
    {
        _names = names;
        return isArray ? to.WriteAsync("[") : Task.CompletedTask;
    }

    public Task AddAsync(object?[] row)
    {
        var before = !isArray ? "" : _hasRows ? ",\n " : "\n ";
        _hasRows = true;
        return to.WriteAsync(before + Object(row) + (isArray ? "" : "\n"));
    }

    public Task EndAsync() => isArray ? to.WriteAsync(_hasRows ? "\n]\n" : "]\n") : Task.CompletedTask;

    private string Object(object?[] row)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Lax))
        {
            json.WriteStartObject();
            for (var place = 0; place < row.Length; place++)
            {
                json.WritePropertyName(_names[place]);
                if (isJson[place] && row[place] is string raw)
                {
                    json.WriteRawValue(raw, skipInputValidation: true);
                }
                else
                {
                    ValueText.Write(json, row[place]);
                }
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}

/// <summary>A table of GitHub's Markdown.</summary>
internal sealed class MarkdownRows(TextWriter to) : IRowFormat
{
    public async Task BeginAsync(string[] names)
    {
        await AddAsync([.. names]);
        await AddAsync([.. names.Select(_ => "---")]);
    }

    public Task AddAsync(object?[] row) => to.WriteAsync($"| {string.Join(" | ", row.Select(Cell))} |\n");

    public Task EndAsync() => Task.CompletedTask;

    private static string Cell(object? value) =>
        VisibleText.Line(ValueText.Of(value) ?? "").Replace("|", "\\|", StringComparison.Ordinal);
}
