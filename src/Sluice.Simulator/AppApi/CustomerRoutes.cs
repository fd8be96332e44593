using System.Text.Json;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Finding people and reading their attributes.</summary>
internal static class CustomerRoutes
{
    private const int MostIds = 100;

    public static void Map(Router router)
    {
        router.Get("/v1/customers", ByEmail);
        router.Query("/v1/customers", Search);
        router.Query("/v1/customers/attributes", Hydrate);
        router.Get("/v1/customers/{customer_id}/attributes", Attributes);
    }

    private static void ByEmail(ApiCall call)
    {
        var email = call.Query["email"] ?? throw ApiException.Invalid("email is required");
        var found = IsBare(call) ? [] : call.World.People.FindByEmail(email);
        call.Object(writer =>
        {
            writer.WriteStartArray("results");
            foreach (var person in found)
            {
                PersonJson.WriteIdentifiers(writer, call.World.People.KeyOf(person));
            }

            writer.WriteEndArray();
        });
    }

    private static bool IsBare(ApiCall call) => call.Query.IsUnencoded("email");

    private static void Search(ApiCall call)
    {
        var limit = call.Limit(50, 1000);
        var from = call.Cursor() is { } cursor ? cursor.First + 1 : 0;
        var matches = PeopleFilter.Read(call.World, Required(call, "filter"));
        var people = call.World.People;
        var rows = people.From(from).Where(matches).Take(limit + 1).Select(people.KeyOf).ToList();
        call.Object(writer =>
        {
            writer.WriteStartArray("identifiers");
            foreach (var person in rows.Take(limit))
            {
                PersonJson.WriteIdentifiers(writer, person);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("ids");
            foreach (var person in rows.Take(limit))
            {
                writer.WriteStringValue(person.Id ?? "");
            }

            writer.WriteEndArray();
            ListResponses.WriteNext(call, writer, rows.Count > limit ? (rows[limit - 1].Index, 0) : null, EndOfList.Empty);
        });
    }

    public static JsonElement Required(ApiCall call, string name)
        => call.Json().TryGetProperty(name, out var value) ? value : throw ApiException.Invalid($"{name} is required");

    private static void Hydrate(ApiCall call)
    {
        var kind = PersonLookup.Kind(call);
        var ids = Required(call, "ids");
        if (ids.ValueKind != JsonValueKind.Array || ids.GetArrayLength() is 0 or > MostIds)
        {
            throw ApiException.Invalid($"ids must hold between 1 and {MostIds} values");
        }

        if (ids.EnumerateArray().Any(id => id.ValueKind != JsonValueKind.String))
        {
            throw ApiException.Invalid("ids must be strings");
        }

        call.Object(writer =>
        {
            writer.WriteStartArray("customers");
            foreach (var id in ids.EnumerateArray().Select(id => id.GetString()!))
            {
                if (PersonLookup.Find(call.World, kind, id) is { } person)
                {
                    WriteItem(writer, call.World, person, id);
                }
            }

            writer.WriteEndArray();
        });
    }

    private static void WriteItem(Utf8JsonWriter writer, World world, long person, string askedFor)
    {
        if (world.Options.BareCustomers)
        {
            PersonJson.WriteProfile(writer, world, person, askedFor);
            return;
        }

        writer.WriteStartObject();
        writer.WritePropertyName("customer");
        PersonJson.WriteProfile(writer, world, person, askedFor);
        writer.WriteEndObject();
    }

    private static void Attributes(ApiCall call)
    {
        if (call.IsUnencoded("customer_id"))
        {
            call.Object(writer =>
            {
                writer.WriteStartObject("customer");
                writer.WriteEndObject();
            });
            return;
        }

        var person = PersonLookup.OfPath(call, "customer")!.Value;
        call.Object(writer =>
        {
            writer.WritePropertyName("customer");
            PersonJson.WriteProfile(writer, call.World, person, call.Text("customer_id"));
        });
    }
}
