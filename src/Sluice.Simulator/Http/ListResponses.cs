using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Simulator.Http;

/// <summary>Writes whole lists, and pages with their token.</summary>
internal static class ListResponses
{
    public static void Whole(this ApiCall call, string root, IEnumerable<JsonObject> rows) => call.Object(writer =>
    {
        writer.WriteStartArray(root);
        foreach (var row in rows)
        {
            row.WriteTo(writer);
        }

        writer.WriteEndArray();
    });

    public static void One(this ApiCall call, string root, JsonNode? row)
    {
        var found = row ?? throw ApiException.NotFound();
        call.Object(writer =>
        {
            writer.WritePropertyName(root);
            found.WriteTo(writer);
        });
    }

    public static void Empty(this ApiCall call, string root) => call.Whole(root, []);

    /// <summary>One page of the rows after the request's token.</summary>
    public static void Page<T>(
        this ApiCall call, string root, IEnumerable<T> rows, int limit, Action<Utf8JsonWriter, T> write, Func<T, (long, long)> position,
        EndOfList end) => call.Object(writer =>
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
        WriteNext(call, writer, count == 0 || !(more || end == EndOfList.LeadsToEmptyPage) ? null : position(last!), end);
    });

    public static void WriteNext(ApiCall call, Utf8JsonWriter writer, (long First, long Second)? position, EndOfList end)
    {
        if (position is { } found)
        {
            writer.WriteString("next"u8, Cursors.Encode(call.Scope, found.First, found.Second));
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

/// <summary>The value of <c>next</c> on the last page: the API uses all these forms.</summary>
internal enum EndOfList
{
    Absent,
    Null,
    Empty,

    /// <summary>A token that leads to an empty page, whose own <c>next</c> is empty.</summary>
    LeadsToEmptyPage,
}
