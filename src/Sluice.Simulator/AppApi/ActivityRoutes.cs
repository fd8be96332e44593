using System.Text.Json;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>The activity log of the workspace and of one person.</summary>
internal static class ActivityRoutes
{
    public static void Map(Router router)
    {
        router.Get("/v1/activities", All);
        router.Get("/v1/customers/{customer_id}/activities", OfPerson);
    }

    private static void All(ApiCall call)
    {
        if (call.Query.IsUnencoded("customer_id") || call.Query.IsUnencoded("name"))
        {
            call.Empty("activities");
            return;
        }

        long? person = null;
        if (call.Query["customer_id"] is { } id)
        {
            person = PersonLookup.Find(call, id) ?? -1;
        }

        var deleted = call.Flag("deleted");
        Write(call, call.World.Activities.Newest(person).Where(activity => activity.Deleted is not null == deleted), EndOfList.Empty);
    }

    private static void OfPerson(ApiCall call)
    {
        if (PersonLookup.OfPath(call, "activities") is { } person)
        {
            Write(call, call.World.Activities.Newest(person), EndOfList.Absent);
        }
    }

    private static void Write(ApiCall call, IEnumerable<Activity> activities, EndOfList end)
    {
        var limit = call.Limit(10, 100);
        var (type, name) = (call.Query["type"], call.Query["name"]);
        var cursor = call.Cursor();
        var rows = activities
            .Where(activity => cursor is null || (activity.Timestamp, activity.Index).CompareTo(cursor.Value) < 0)
            .Where(activity => (type is null || activity.Type == type) && (name is null || IsNamed(activity, name)));
        call.Page(
            "activities", rows, limit, (writer, activity) => ActivityJson.Write(writer, call.World, activity),
            activity => (activity.Timestamp, activity.Index), end);
    }

    private static bool IsNamed(Activity activity, string name)
        => activity.Type == "attribute_change" ? activity.Data?[name] is not null : activity.Name == name;
}

/// <summary>Writes an entry of the activity log.</summary>
internal static class ActivityJson
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static void Write(Utf8JsonWriter writer, World world, Activity activity)
    {
        var person = activity.Deleted ?? (activity.Person is { } index && world.People.Exists(index) ? world.People.KeyOf(index) : null);
        writer.WriteStartObject();
        writer.WriteString("id"u8, IdOf(world.Random, activity));
        writer.WriteString("type"u8, activity.Type);
        writer.WriteNumber("timestamp"u8, activity.Timestamp);
        writer.WriteString("customer_id"u8, person?.Id);
        if (person is not null)
        {
            writer.WritePropertyName("customer_identifiers"u8);
            PersonJson.WriteIdentifiers(writer, person);
        }

        WriteIfSet(writer, "name"u8, activity.Name);
        WriteIfSet(writer, "url"u8, activity.Url);
        WriteIfSet(writer, "delivery_id"u8, activity.DeliveryId);
        WriteIfSet(writer, "delivery_type"u8, activity.DeliveryType);
        writer.WritePropertyName("data"u8);
        if (activity.Data is { } data)
        {
            data.WriteTo(writer);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteEndObject();
    }

    /// <summary>A ULID: ten characters of milliseconds, sixteen unique to the row.</summary>
    public static string IdOf(SeededRandom random, Activity activity) => string.Create(26, (random, activity), static (text, row) =>
    {
        var millis = (ulong)row.activity.Timestamp * 1000;
        for (var position = 9; position >= 0; position--, millis >>= 5)
        {
            text[position] = Alphabet[(int)(millis & 31)];
        }

        var (low, high) = (row.random.Hash(RandomStream.ActivityId, row.activity.Index), (ulong)row.activity.Index);
        for (var position = 25; position >= 18; position--, low >>= 5)
        {
            text[position] = Alphabet[(int)(low & 31)];
        }

        for (var position = 17; position >= 10; position--, high >>= 5)
        {
            text[position] = Alphabet[(int)(high & 31)];
        }
    });

    private static void WriteIfSet(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
