using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>The e-mail provider's suppression lists: paged by offset, or by token for one sending domain.</summary>
internal static class SuppressionRoutes
{
    public static void Map(Router router)
    {
        router.Get("/v1/esp/search_suppression/{email_address}", Search);
        router.Get("/v1/esp/suppression/{suppression_type}", ByOffset);
        router.Get("/v1/esp/domains/{domain_name}/suppression/{suppression_type}", ByToken);
        router.Write("POST", "/v1/esp/suppression/{suppression_type}/{email_address}", Add);
        router.Write("DELETE", "/v1/esp/suppression/{suppression_type}/{email_address}", Remove);
    }

    private static string Type(ApiCall call)
        => Suppressions.Types.Contains(call.Text("suppression_type")) ? call.Text("suppression_type") : throw ApiException.NotFound();

    private static void Search(ApiCall call)
    {
        var (email, all) = (call.Text("email_address"), call.World.Suppressions);
        var bare = call.IsUnencoded("email_address");
        var type = bare ? null : Suppressions.Types.FirstOrDefault(candidate => all.Of(candidate).Any(entry => entry.Email == email));
        Write(call, type ?? "bounces", type is null ? [] : all.Of(type).Where(entry => entry.Email == email));
    }

    private static void ByOffset(ApiCall call)
    {
        var type = Type(call);
        var limit = call.Limit(100, 1000);
        var offset = call.Whole("offset") ?? 0;
        if (offset < 0)
        {
            throw ApiException.Invalid("offset must not be negative");
        }

        var other = call.Query["domain"] is { } domain && domain != Suppressions.Domain;
        Write(call, type, other ? [] : call.World.Suppressions.Of(type).Skip((int)offset).Take(limit));
    }

    private static void ByToken(ApiCall call)
    {
        var type = Type(call);
        var limit = call.Limit(100, 1000);
        var skip = call.Cursor()?.First ?? 0;
        var all = call.Text("domain_name") == Suppressions.Domain ? call.World.Suppressions.Of(type) : [];
        var email = call.Query["email"];
        var rows = all.Select((entry, position) => (Entry: entry, Position: (long)position + 1)).Where(row => row.Position > skip)
            .Where(row => email is null || row.Entry.Email == email);
        call.Page("suppressions", rows, limit, (writer, row) => WriteEntry(writer, row.Entry), row => (row.Position, 0), EndOfList.Null);
    }

    private static void Write(ApiCall call, string type, IEnumerable<(string Email, long Created)> entries) => call.Object(writer =>
    {
        writer.WriteString("category", type == "spam_reports" ? "spam" : "bounces");
        writer.WriteStartArray("suppressions");
        foreach (var entry in entries)
        {
            WriteEntry(writer, entry);
        }

        writer.WriteEndArray();
    });

    private static void WriteEntry(System.Text.Json.Utf8JsonWriter writer, (string Email, long Created) entry)
    {
        writer.WriteStartObject();
        writer.WriteNumber("created", entry.Created);
        writer.WriteString("email", entry.Email);
        writer.WriteString("reason", "550 5.1.1 \"no such user\"");
        writer.WriteString("status", "550");
        writer.WriteEndObject();
    }

    private static void Add(ApiCall call)
    {
        call.World.Suppressions.Add(Type(call), call.Text("email_address"), call.Now);
        call.Object(_ => { });
    }

    private static void Remove(ApiCall call)
    {
        call.World.Suppressions.Remove(Type(call), call.Text("email_address"));
        call.Response.Status = 204;
    }
}
