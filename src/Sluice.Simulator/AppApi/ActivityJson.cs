using System.Text.Json;
using Sluice.Simulator.Data;

namespace Sluice.Simulator.AppApi;

/// <summary>Writes a line of the activity log.</summary>
internal static class ActivityJson
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static void Write(Utf8JsonWriter writer, World world, Activity activity)
    {
        var person = activity.Deleted ?? (activity.Person is { } index && world.People.Exists(index) ? world.People.KeyOf(index) : null);
        writer.WriteStartObject();
        writer.WriteString("id"u8, IdOf(world.Dice, activity));
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

    /// <summary>A ULID: ten characters of milliseconds, sixteen of the row's own.</summary>
    public static string IdOf(Dice dice, Activity activity) => string.Create(26, (dice, activity), static (text, row) =>
    {
        var millis = (ulong)row.activity.Timestamp * 1000;
        for (var position = 9; position >= 0; position--, millis >>= 5)
        {
            text[position] = Alphabet[(int)(millis & 31)];
        }

        var (low, high) = (row.dice.Roll(Purpose.ActivityId, row.activity.Index), (ulong)row.activity.Index);
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
