using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Sluice.CustomerIo;

namespace Sluice.Cli.Output;

/// <summary>Reporting webhooks, and what became of one that was created or tested.</summary>
internal static class WebhooksView
{
    private const int Soon = 4;

    public static string Text(IReadOnlyList<ReportingWebhook> webhooks)
    {
        if (webhooks.Count == 0)
        {
            return "The workspace has no reporting webhooks.\n";
        }

        var table = new TextTable(">id", "name", "state", ">events", "address");
        foreach (var one in webhooks)
        {
            table.Add(
                Number(one.Id), one.Name, one.IsDisabled ? "off" : one.IsEveryTime ? "every time" : "first time",
                    Number(one.Events.Count), one.ShownEndpoint);
        }

        return table.ToString();
    }

    public static string Json(IReadOnlyList<ReportingWebhook> webhooks) => JsonOutput.Write(new JsonObject
    {
        ["webhooks"] = JsonOutput.Array(webhooks.Select(one => new JsonObject
        {
            ["id"] = one.Id,
            ["name"] = one.Name,
            ["endpoint"] = one.ShownEndpoint,
            ["disabled"] = one.IsDisabled,
            ["full_resolution"] = one.IsEveryTime,
            ["with_content"] = one.WithContent,
            ["events"] = new JsonArray([.. one.Events.Select(name => (JsonNode)name)]),
        })),
    }) + "\n";

    public static string Created(ReportingWebhook made, bool hasKey) => $"""
        Webhook {Number(made.Id)} ({VisibleText.Line(made.Name)}) sends {Number(made.Events.Count)} kinds of events to
        {made.ShownEndpoint}

        Its signing key is shown only in Customer.io: Integrations > Reporting Webhooks.
        {(hasKey
            ? "This workspace has a key already: see that it is this webhook's."
            : """
            Put it into the variable that webhook_signing_key of the workspace names:
              webhook_signing_key: ${CUSTOMERIO_WEBHOOK_SIGNING_KEY}
            Until 'sluice serve' has it, it answers 503, and Customer.io tries again.
            """)}

        """;

    public static string Tested(Uri address, HttpStatusCode code, TimeSpan took)
    {
        var shown = address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        var time = took.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
        return code == HttpStatusCode.OK
            ? $"{shown} took the event in {time} s.{(took.TotalSeconds > Soon ? " Customer.io waits four seconds." : "")}\n"
            : $"{shown} answered {Number((int)code)}: {Why(code)}\n";
    }

    private static string Why(HttpStatusCode code) => code switch
    {
        HttpStatusCode.Unauthorized => "the signature is not that of its key, or its clock is wrong.",
        HttpStatusCode.NotFound => "no sync there reads a workspace of this name.",
        HttpStatusCode.ServiceUnavailable => "it has no signing key for the workspace, or no place for events.",
        HttpStatusCode.TooManyRequests => "too many wrong signatures came from this address.",
        _ when (int)code is >= 300 and < 400 => "Customer.io does not follow redirects: name the address that it leads to.",
        _ => "it is not 'sluice serve', or something stands before it.",
    };

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
