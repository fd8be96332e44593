using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Lays the members of a request over a row.</summary>
internal static class RowEdit
{
    /// <summary>Refuses members that only Customer.io sets.</summary>
    public static void Apply(JsonObject row, JsonElement body, params string[] fixedMembers)
    {
        foreach (var member in body.EnumerateObject())
        {
            row[member.Name] = fixedMembers.Contains(member.Name)
                ? throw ApiException.Invalid($"{member.Name} cannot be changed")
                : JsonNode.Parse(member.Value.GetRawText());
        }
    }
}
