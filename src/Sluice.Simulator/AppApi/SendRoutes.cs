using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Transactional sends: each creates a delivery, at once or when its time has come.</summary>
internal static class SendRoutes
{
    private static readonly string[] Channels = ["email", "push", "sms", "whatsapp", "in_app", "inbox_message"];
    private static readonly string[] Kinds = ["id", "email", "cio_id"];

    public static void Map(Router router)
    {
        foreach (var channel in Channels)
        {
            router.Write("POST", $"/v1/send/{channel}", call => Send(call, channel), Access.AppSend);
        }
    }

    private static void Send(ApiCall call, string channel)
    {
        if (channel == "whatsapp" && call.World.Options.HasEarlierForm)
        {
            throw ApiException.NotFound();
        }

        if (call.World.Options.ChannelsOff.Contains(channel))
        {
            throw new ApiException(403, $"{channel} is not enabled in this workspace", ErrorEnvelope.Meta);
        }

        var body = call.Json();
        SendBody.Check(channel, body, call.Body.Length);
        var sendAt = SendBody.SendAt(body, call.Now);
        var parent = call.World.Parents.Find(ParentKind.Transactional, Message(call.World, body))!;
        var delivery = call.World.Deliveries.Add(
            parent, parent.Parts[0], Person(call.World, body), sendAt ?? call.Now, SendBody.Is(body, "queue_draft", false),
            SendBody.Is(body, "tracked", true));
        call.Object(writer =>
        {
            writer.WriteString("delivery_id", DeliveryIds.Encode(call.World.Random, delivery.Index));
            writer.WriteNumber("queued_at", call.Now);
            if (sendAt is { } later)
            {
                writer.WriteNumber("send_at", later);
            }
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
            : world.Transactional.Values.FirstOrDefault(message =>
                string.Equals(message.Row["name"]!.GetValue<string>(), text, StringComparison.OrdinalIgnoreCase));
        return known?.Id ?? throw ApiException.Invalid($"transactional message '{text}' not found");
    }

    /// <summary>The recipient, who is made by the send if nobody has this identifier.</summary>
    private static long Person(World world, JsonElement body)
    {
        var identifiers = body.GetProperty("identifiers");
        var kinds = identifiers.ValueKind == JsonValueKind.Object ? Kinds.Where(kind => identifiers.TryGetProperty(kind, out _)).ToList() : [];
        if (kinds.Count != 1 || identifiers.GetProperty(kinds[0]).ToString() is not { Length: > 0 } value)
        {
            throw ApiException.Invalid("identifiers must hold exactly one of id, email, cio_id");
        }

        return world.Edits.Find(new PersonReference(kinds[0], value))
            ?? world.Edits.Identify(new PersonReference(kinds[0], value), [], onlyUpdate: false)
            ?? throw ApiException.Invalid("the person does not exist");
    }
}
