using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Data;

namespace Sluice.Simulator.AppApi;

/// <summary>Writes objects and their relationships.</summary>
internal static class ObjectJson
{
    public static void WriteIdentifiers(Utf8JsonWriter writer, CioObject target)
    {
        writer.WriteStartObject();
        writer.WriteString("cio_object_id", target.CioObjectId);
        writer.WriteString("object_id", target.ObjectId);
        writer.WriteEndObject();
    }

    public static void WriteObject(Utf8JsonWriter writer, CioObject target)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("attributes");
        target.Attributes.WriteTo(writer);
        writer.WriteStartObject("timestamps");
        foreach (var (name, when) in target.Timestamps)
        {
            writer.WriteNumber(name, when);
        }

        writer.WriteEndObject();
        writer.WritePropertyName("identifiers");
        WriteIdentifiers(writer, target);
        writer.WriteString("object_type_id", target.Type.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndObject();
    }

    public static void WriteRelationship(Utf8JsonWriter writer, Relationship relationship, string? customerId = null)
    {
        writer.WriteStartObject();
        if (customerId is not null)
        {
            writer.WriteString("customer_id", customerId);
        }

        writer.WriteNumber("object_type_id", relationship.Object.Type);
        writer.WritePropertyName("identifiers");
        WriteIdentifiers(writer, relationship.Object);
        writer.WriteStartObject("attributes");
        foreach (var (name, value) in relationship.Attributes)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("timestamps");
        foreach (var name in relationship.Attributes.Keys)
        {
            writer.WriteNumber(name, relationship.Since);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static void WriteRelatedPerson(Utf8JsonWriter writer, World world, Relationship relationship, bool namesObject = false)
    {
        writer.WriteStartObject();
        if (namesObject)
        {
            writer.WriteString("cio_object_id", relationship.Object.CioObjectId);
            writer.WriteString("object_id", relationship.Object.ObjectId);
        }

        writer.WritePropertyName("identifiers");
        PersonJson.WriteIdentifiers(writer, world.People.KeyOf(relationship.Person));
        writer.WriteString("object_type_id", relationship.Object.Type.ToString(CultureInfo.InvariantCulture));
        writer.WriteBoolean("object_type_disabled", !world.Objects.Types.Find(relationship.Object.Type)!["enabled"]!.GetValue<bool>());
        writer.WriteEndObject();
    }
}
