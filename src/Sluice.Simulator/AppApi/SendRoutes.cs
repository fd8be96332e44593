using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Transactional sends: each creates a delivery.</summary>
internal static class SendRoutes
{
    private const int MostRecipients = 15;
    private static readonly string[] Inline = ["body", "subject", "from"];
    private static readonly string[] Kinds = ["id", "email", "cio_id"];

    public static void Map(Router router)
    {
        router.Write("POST", "/v1/send/email", call => Send(call, NeedsOfEmail), Access.AppSend);
        foreach (var channel in new[] { "push", "sms", "whatsapp", "in_app", "inbox_message" })
        {
            router.Write("POST", $"/v1/send/{channel}", call => Send(call, _ => "transactional_message_id"), Access.AppSend);
        }
    }

    /// <summary>The recipient, which is always required, and the fields that an email without a template needs.</summary>
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

    private static void Send(ApiCall call, Func<JsonElement, string?> missing)
    {
        var body = call.Json();
        if (missing(body) is { } name && !body.TryGetProperty(name, out _))
        {
            throw ApiException.Invalid($"{name} is required");
        }

        var message = Message(call.World, body);
        var person = Person(call.World, body);
        var parent = call.World.Parents.Find(ParentKind.Transactional, message)!;
        var draft = body.TryGetProperty("queue_draft", out var queue) && queue.ValueKind == JsonValueKind.True;
        var delivery = call.World.Deliveries.Add(parent, parent.Parts[0], person, call.Now, draft);
        call.Object(writer =>
        {
            writer.WriteString("delivery_id", DeliveryIds.Encode(call.World.Random, delivery.Index));
            writer.WriteNumber("queued_at", call.Now);
        });
    }

    /// <summary>The template by id or by trigger name (here: its name); an email without a template counts towards the first one.</summary>
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
