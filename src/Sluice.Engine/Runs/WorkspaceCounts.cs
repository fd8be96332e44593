using System.Globalization;
using System.Text.Json;

namespace Sluice.Engine.Runs;

/// <summary>What Customer.io says of a workspace; counts are cached there for up to two hours.</summary>
/// <param name="Id">The workspace's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="People">People in it.</param>
/// <param name="MessagesSent">Messages sent in the current billing period, all channels.</param>
/// <param name="Objects">Objects in it.</param>
public sealed record WorkspaceCounts(string Id, string Name, long People, long MessagesSent, long Objects)
{
    internal static WorkspaceCounts Parse(JsonElement workspace) => new(
        Text(workspace, "id"), Text(workspace, "name"), Number(workspace, "people"), Number(workspace, "messages_sent"), Number(workspace, "objects"));

    private static string Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static long Number(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && long.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var number) ? number : 0;
}
