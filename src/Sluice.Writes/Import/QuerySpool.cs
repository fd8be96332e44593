using System.Collections;
using System.Data.Common;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Sluice.Engine;

namespace Sluice.Writes.Import;

/// <summary>The rows of a query on a database.</summary>
/// <param name="Name">The database as it may be shown: without a password.</param>
/// <param name="Sql">The query.</param>
/// <param name="ReadAsync">Runs it, and hands out its rows.</param>
public sealed record QueryRows(string Name, string Sql, Func<Func<DbDataReader, Task>, CancellationToken, Task> ReadAsync);

/// <summary>
/// Keeps a query's rows as JSON lines until the import is finished: a database may give them in another order, or others, when it is asked again,
/// and an import that was killed must go on with those that it began with.
/// </summary>
internal static class QuerySpool
{
    /// <summary>Writes the rows to a file, and gives the query's columns.</summary>
    /// <exception cref="SluiceException">The query fails, or gives no rows or values that can't be sent.</exception>
    public static async Task<IReadOnlyList<string>> WriteAsync(QueryRows query, string path, CancellationToken cancel)
    {
        IReadOnlyList<string> columns = [];
        await using var file = new FileStream(path, PrivateFile.Options(FileMode.CreateNew));
        await query.ReadAsync(
            async reader =>
            {
                columns = ColumnsOf(query, reader);
                while (await reader.ReadAsync(cancel))
                {
                    WriteRow(reader, file);
                }
            },
            cancel);
        file.Flush(flushToDisk: true);
        return columns;
    }

    private static IReadOnlyList<string> ColumnsOf(QueryRows query, DbDataReader reader)
    {
        var names = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        if (names.Count == 0)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"The statement gives no rows: {query.Sql}", "--query takes a SELECT.");
        }

        if (names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"Several columns of the query are called {twice.Key}.", "Name one with AS.");
        }

        return names;
    }

    private static void WriteRow(DbDataReader reader, Stream to)
    {
        to.WriteByte((byte)'{');
        for (var column = 0; column < reader.FieldCount; column++)
        {
            Write($"{(column > 0 ? "," : "")}{Text(reader.GetName(column))}:", to);
            var value = reader.IsDBNull(column) ? null : reader.GetValue(column);
            var isJson = value is string && reader.GetDataTypeName(column).Contains("json", StringComparison.OrdinalIgnoreCase);
            Write(isJson ? ((string)value!).ReplaceLineEndings(" ") : Json(value, reader.GetName(column)), to);
        }

        Write("}\n", to);
    }

    private static string Json(object? value, string column) => value switch
    {
        null or DBNull => "null",
        string text => Text(text),
        bool flag => flag ? "true" : "false",
        DateTimeOffset time => Number(time.ToUnixTimeSeconds()),
        DateTime time => Number(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)).ToUnixTimeSeconds()),
        DateOnly day => Number(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeSeconds()),
        // Neither is JSON: the row is refused by name.
        double.NaN or float.NaN => "NaN",
        double number => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "Infinity",
        float number => float.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "Infinity",
        sbyte or byte or short or ushort or int or uint or long or ulong or Int128 or UInt128 or decimal or BigInteger => Number((IFormattable)value),
        byte[] => throw new SluiceException(
            SluiceErrorKind.Config,
            $"The query's column {column} holds bytes, which JSON can't hold.",
            "Make text of it in the query, or leave it out."),
        IDictionary pairs => "{" + string.Join(
            ',', pairs.Keys.Cast<object>().Select(key => $"{Text(TextOf(key))}:{Json(pairs[key], column)}")) + "}",
        IEnumerable list => "[" + string.Join(',', list.Cast<object?>().Select(one => Json(one, column))) + "]",
        _ => decimal.TryParse(TextOf(value), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && value.GetType().IsValueType
            ? Number(number)
            : Text(TextOf(value)),
    };

    private static string TextOf(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Number(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Text(string text) => $"\"{JsonEncodedText.Encode(text, RelaxedJson.Options.Encoder)}\"";

    private static void Write(string text, Stream to) => to.Write(Encoding.UTF8.GetBytes(text));
}
