using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Simulator.Http;

/// <summary>Writes lists: whole ones, and pages with their token.</summary>
internal static class Lists
{
    public static void Whole(this Exchange exchange, string root, IEnumerable<JsonObject> rows) => exchange.Object(writer =>
    {
        writer.WriteStartArray(root);
        foreach (var row in rows)
        {
            row.WriteTo(writer);
        }

        writer.WriteEndArray();
    });

    public static void One(this Exchange exchange, string root, JsonNode? row)
    {
        var found = row ?? throw ApiException.NotFound();
        exchange.Object(writer =>
        {
            writer.WritePropertyName(root);
            found.WriteTo(writer);
        });
    }

    public static void Empty(this Exchange exchange, string root) => exchange.Whole(root, []);

    /// <summary>One page of rows that already start after the request's token.</summary>
    public static void Page<T>(
        this Exchange exchange, string root, IEnumerable<T> rows, int limit, Action<Utf8JsonWriter, T> write, Func<T, (long, long)> position,
        EndOfList end) => exchange.Object(writer =>
    {
        writer.WriteStartArray(root);
        var (last, more) = (default(T), false);
        var count = 0;
        foreach (var row in rows)
        {
            if (count++ == limit)
            {
                more = true;
                break;
            }

            write(writer, row);
            last = row;
        }

        writer.WriteEndArray();
        WriteNext(exchange, writer, count == 0 || !(more || end == EndOfList.LeadsToEmptyPage) ? null : position(last!), end);
    });

    public static void WriteNext(Exchange exchange, Utf8JsonWriter writer, (long First, long Second)? position, EndOfList end)
    {
        if (position is { } found)
        {
            writer.WriteString("next"u8, Cursors.Encode(exchange.Scope, found.First, found.Second));
        }
        else if (end is EndOfList.Empty or EndOfList.LeadsToEmptyPage)
        {
            writer.WriteString("next"u8, "");
        }
        else if (end == EndOfList.Null)
        {
            writer.WriteNull("next"u8);
        }
    }
}
