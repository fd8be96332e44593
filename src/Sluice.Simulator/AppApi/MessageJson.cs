using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Data;

namespace Sluice.Simulator.AppApi;

/// <summary>Writes a delivery as the API returns it at a given time.</summary>
internal static class MessageJson
{
    public static void Write(
        Utf8JsonWriter writer, World world, in Delivery delivery, MessageShape shape, bool responses = false, int? transactionalId = null)
    {
        var now = world.Clock.Seconds;
        var times = world.Deliveries.MetricsOf(delivery);
        var person = world.People.KeyOf(delivery.Person);
        var exists = world.People.Exists(delivery.Person);
        var id = DeliveryIds.Encode(world.Random, delivery.Index);
        writer.WriteStartObject();
        writer.WriteString("id"u8, id);
        writer.WriteString("deduplicate_id"u8, string.Create(CultureInfo.InvariantCulture, $"{id}:{LastChange(times, now)}"));
        WriteTemplate(writer, delivery, shape);
        WriteParents(writer, delivery);
        WritePerson(writer, world.Options, exists ? person : person with { Id = null, Email = null }, shape);
        writer.WriteString("recipient"u8, Recipient(delivery.Part.Type, person));
        WriteText(writer, "subject"u8, delivery.Part.Type == "email" ? $"Did you get that thing, {delivery.Part.Id}?" : null);
        WriteMetrics(writer, times, now);
        writer.WriteNumber("created"u8, delivery.Created);
        WriteText(writer, "failure_message"u8, DeliveryMetrics.FailureMessage(times, now));
        writer.WriteString("type"u8, delivery.Part.Type);
        writer.WriteBoolean("forgotten"u8, world.Random.OneIn(50, RandomStream.DeliveryForgotten, delivery.Index));
        if (responses && delivery.Part.Type == "in_app" && DeliveryMetrics.Happened(times, Metric.Opened, now))
        {
            WriteResponses(writer, times[Metric.Opened]);
        }

        if (transactionalId is { } added)
        {
            writer.WriteNumber("transactional_id"u8, added);
        }

        writer.WriteEndObject();
    }

    private static void WriteTemplate(Utf8JsonWriter writer, in Delivery delivery, MessageShape shape)
    {
        if (shape == MessageShape.OfOnePerson)
        {
            writer.WriteString("msg_template_id"u8, (delivery.Part.Id + 1000).ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            writer.WriteNumber("msg_template_id"u8, delivery.Part.Id + 1000);
        }
    }

    private static void WriteParents(Utf8JsonWriter writer, in Delivery delivery)
    {
        WriteNumber(writer, "action_id"u8, delivery.ActionId);
        WriteNumber(writer, "parent_action_id"u8, delivery.ActionId is null ? null : delivery.Part.ParentActionId);
        WriteNumber(writer, "campaign_id"u8, delivery.IdIf(ParentKind.Campaign));
        WriteNumber(writer, "newsletter_id"u8, delivery.IdIf(ParentKind.Newsletter));
        WriteNumber(writer, "content_id"u8, delivery.ContentId);
        WriteNumber(writer, "broadcast_id"u8, delivery.IdIf(ParentKind.Broadcast));
        if (delivery.Parent.EventTriggered)
        {
            writer.WriteString("trigger_event_id"u8, string.Create(CultureInfo.InvariantCulture, $"01E4C4CT6YDC7Y{delivery.Index:000000000000}"));
        }
        else
        {
            writer.WriteNull("trigger_event_id"u8);
        }
    }

    private static void WritePerson(Utf8JsonWriter writer, SimulatorOptions options, PersonKey person, MessageShape shape)
    {
        WriteText(writer, "customer_id"u8, person.Id);
        if (shape == MessageShape.Transactional)
        {
            writer.WriteStartObject("identifiers"u8);
            WriteText(writer, "id"u8, person.Id);
            if (person.Email is not null)
            {
                writer.WriteString("email"u8, person.Email);
            }

            writer.WriteString("cio_id"u8, person.CioId);
            writer.WriteEndObject();
        }
        else if (shape == MessageShape.Ordinary && options.CustomerIdentifiers)
        {
            writer.WritePropertyName("customer_identifiers"u8);
            PersonJson.WriteIdentifiers(writer, person);
        }
    }

    private static string Recipient(string type, PersonKey person) => type switch
    {
        "email" => person.Email ?? "",
        "twilio" or "whatsapp" => SeededPeople.PhoneOf(person.Index),
        "webhook" => "https://hooks.example.com/in",
        "slack" => "#general",
        _ => person.Id ?? person.CioId,
    };

    private static void WriteMetrics(Utf8JsonWriter writer, in MetricTimes times, long now)
    {
        writer.WriteStartObject("metrics"u8);
        for (var metric = Metric.Attempted; metric <= Metric.Unsubscribed; metric++)
        {
            if (DeliveryMetrics.Happened(times, metric, now) && metric is not (Metric.Attempted or Metric.Created))
            {
                writer.WriteNumber(MetricNames.Of(metric), times[metric]);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteResponses(Utf8JsonWriter writer, long opened)
    {
        writer.WriteStartObject("tracked_responses"u8);
        writer.WriteStartObject("how-satisfied"u8);
        writer.WriteNumber("id"u8, 1);
        writer.WriteNumber("ts"u8, opened + 10);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static long LastChange(in MetricTimes times, long now)
    {
        long last = 0;
        for (var metric = Metric.Attempted; metric <= Metric.Unsubscribed; metric++)
        {
            last = DeliveryMetrics.Happened(times, metric, now) ? Math.Max(last, times[metric]) : last;
        }

        return last;
    }

    private static void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
        {
            writer.WriteNull(name);
        }
        else
        {
            writer.WriteString(name, value);
        }
    }
}

/// <summary>The slightly different forms of a delivery in different endpoints.</summary>
internal enum MessageShape
{
    /// <summary>With <c>customer_identifiers</c>, unless the options omit them.</summary>
    Ordinary,

    /// <summary>With <c>identifiers</c>, without keys for unset values.</summary>
    Transactional,

    /// <summary>Without identifiers, and with the template id as a string.</summary>
    OfOnePerson,
}
