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

    private static void ByEmail(Exchange exchange)
    {
        var email = exchange.Query["email"] ?? throw ApiException.Invalid("email is required");
        var found = IsBare(exchange) ? [] : exchange.World.People.FindByEmail(email);
        exchange.Object(writer =>
        {
            writer.WriteStartArray("results");
            foreach (var person in found)
            {
                PersonJson.WriteIdentifiers(writer, exchange.World.People.KeyOf(person));
            }

            writer.WriteEndArray();
        });
    }

    private static bool IsBare(Exchange exchange) => exchange.Query.IsUnencoded("email");

    private static void Search(Exchange exchange)
    {
        var limit = exchange.Limit(50, 1000);
        var from = exchange.Cursor() is { } cursor ? cursor.First + 1 : 0;
        var matches = PeopleFilter.Read(exchange.World, Required(exchange, "filter"));
        var people = exchange.World.People;
        var rows = people.From(from).Where(matches).Take(limit + 1).Select(people.KeyOf).ToList();
        exchange.Object(writer =>
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
            Lists.WriteNext(exchange, writer, rows.Count > limit ? (rows[limit - 1].Index, 0) : null, EndOfList.Empty);
        });
    }

    public static JsonElement Required(Exchange exchange, string name)
        => exchange.Json().TryGetProperty(name, out var value) ? value : throw ApiException.Invalid($"{name} is required");

    private static void Hydrate(Exchange exchange)
    {
        var kind = PersonLookup.Kind(exchange);
        var ids = Required(exchange, "ids");
        if (ids.ValueKind != JsonValueKind.Array || ids.GetArrayLength() is 0 or > MostIds)
        {
            throw ApiException.Invalid($"ids must hold between 1 and {MostIds} values");
        }

        if (ids.EnumerateArray().Any(id => id.ValueKind != JsonValueKind.String))
        {
            throw ApiException.Invalid("ids must be strings");
        }

        exchange.Object(writer =>
        {
            writer.WriteStartArray("customers");
            foreach (var id in ids.EnumerateArray().Select(id => id.GetString()!))
            {
                if (PersonLookup.Find(exchange.World, kind, id) is { } person)
                {
                    WriteItem(writer, exchange.World, person, id);
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

    private static void Attributes(Exchange exchange)
    {
        if (exchange.IsUnencoded("customer_id"))
        {
            exchange.Object(writer =>
            {
                writer.WriteStartObject("customer");
                writer.WriteEndObject();
            });
            return;
        }

        var person = PersonLookup.OfPath(exchange, "customer")!.Value;
        exchange.Object(writer =>
        {
            writer.WritePropertyName("customer");
            PersonJson.WriteProfile(writer, exchange.World, person, exchange.Text("customer_id"));
        });
    }
}
