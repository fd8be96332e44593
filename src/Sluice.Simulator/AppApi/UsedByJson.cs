using System.Text.Json;
using Sluice.Simulator.Data;

namespace Sluice.Simulator.AppApi;

/// <summary>Writes what uses a segment or a sender.</summary>
internal static class UsedByJson
{
    public static void WriteMembers(Utf8JsonWriter writer, IEnumerable<Journey> campaigns, IEnumerable<Newsletter> newsletters)
    {
        var all = newsletters.ToList();
        WriteIds(writer, "campaigns", campaigns.Select(campaign => campaign.Id));
        WriteIds(writer, "sent_newsletters", all.Where(newsletter => newsletter.SentAt is not null).Select(newsletter => newsletter.Id));
        WriteIds(writer, "draft_newsletters", all.Where(newsletter => newsletter.SentAt is null).Select(newsletter => newsletter.Id));
    }

    private static void WriteIds(Utf8JsonWriter writer, string name, IEnumerable<int> ids)
    {
        writer.WriteStartArray(name);
        foreach (var id in ids)
        {
            writer.WriteNumberValue(id);
        }

        writer.WriteEndArray();
    }
}
