using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Transactional sends: each makes a delivery.</summary>
internal static class SendRoutes
{
    private const int MostRecipients = 15;
    private static readonly string[] Inline = ["body", "subject", "from"];
    private static readonly string[] Kinds = ["id", "email", "cio_id"];

    public static void Map(Router router)
    {
        router.Write("POST", "/v1/send/email", exchange => Send(exchange, NeedsOfEmail), Access.AppSend);
        foreach (var channel in new[] { "push", "sms", "whatsapp", "in_app", "inbox_message" })
        {
            router.Write("POST", $"/v1/send/{channel}", exchange => Send(exchange, _ => "transactional_message_id"), Access.AppSend);
        }
    }

    /// <summary>What an e-mail without a template still needs, or the recipient that every one does.</summary>
    private static string? NeedsOfEmail(JsonElement body)
    {
        if (FilterCondition.Text(body, "to") is not { Length: > 0 } to)
        {
            return "to";
        }

        if (to.Split(',').Length + Recipients(body, "cc") + Recipients(body, "bcc") > MostRecipients)
        {
            throw ApiException.Invalid($"to, cc and bcc may hold {MostRecipients} recipients together");
        }

        return body.TryGetProperty("transactional_message_id", out _) ? null
            : Inline.FirstOrDefault(name => FilterCondition.Text(body, name) is null);
    }

    private static int Recipients(JsonElement body, string name) => FilterCondition.Text(body, name)?.Split(',').Length ?? 0;

    private static void Send(Exchange exchange, Func<JsonElement, string?> missing)
    {
        var body = exchange.Json();
        if (missing(body) is { } name && !body.TryGetProperty(name, out _))
        {
            throw ApiException.Invalid($"{name} is required");
        }

        var message = Message(exchange.World, body);
        var person = Person(exchange.World, body);
        var parent = exchange.World.Parents.Find(ParentKind.Transactional, message)!;
        var draft = body.TryGetProperty("queue_draft", out var queue) && queue.ValueKind == JsonValueKind.True;
        var delivery = exchange.World.Deliveries.Add(parent, parent.Parts[0], person, exchange.Now, draft);
        exchange.Object(writer =>
        {
            writer.WriteString("delivery_id", DeliveryIds.Encode(exchange.World.Dice, delivery.Index));
            writer.WriteNumber("queued_at", exchange.Now);
        });
    }

    /// <summary>The template by id or by its trigger name, which here is its name; an e-mail without one counts for the first.</summary>
    private static int Message(World world, JsonElement body)
    {
        if (!body.TryGetProperty("transactional_message_id", out var given))
        {
            return world.Transactional.Keys.First();
        }

        var text = given.ToString();
        var known = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? world.Transactional.GetValueOrDefault(id)
            : world.Transactional.Values.FirstOrDefault(message => message.Row["name"]!.GetValue<string>() == text);
        return known?.Id ?? throw ApiException.Invalid($"transactional message '{text}' not found");
    }

    private static long Person(World world, JsonElement body)
    {
        var identifiers = body.TryGetProperty("identifiers", out var found) && found.ValueKind == JsonValueKind.Object
            ? found
            : throw ApiException.Invalid("identifiers is required");
        var kinds = Kinds.Where(kind => identifiers.TryGetProperty(kind, out _)).ToList();
        if (kinds.Count != 1 || identifiers.GetProperty(kinds[0]).ToString() is not { Length: > 0 } value)
        {
            throw ApiException.Invalid("identifiers must hold exactly one of id, email, cio_id");
        }

        return world.Edits.Find(new PersonReference(kinds[0], value))
            ?? world.Edits.Identify(new PersonReference(kinds[0], value), [], onlyUpdate: false)
            ?? throw ApiException.Invalid("the person does not exist");
    }
}
