using System.Text.Json;
using Sluice.Engine.Catalog;
using Sluice.Simulator;

namespace Sluice.Benchmarks.Kill;

/// <summary>The rows of the world in the form in which the API gives them.</summary>
internal static class WorldRows
{
    /// <summary>Null for tables of which the world has no rows: metrics are counted, not kept.</summary>
    /// <param name="world">The world.</param>
    /// <param name="table">The table.</param>
    /// <param name="isFirst">Whether everything was read; later runs read deliveries and activities again as far as they look back.</param>
    public static IReadOnlyList<JsonElement>? Of(World world, TableName table, bool isFirst)
    {
        var resource = ResourceCatalog.Default.Find(table.Resource)!;
        var rows = All(world, table, resource);
        if (isFirst || rows is null || (resource.Window?.Column ?? resource.NewestFirstBy) is not { } column)
        {
            return rows;
        }

        // A little less than the look-back of the command: what is older changes in the world when its person is deleted.
        var back = resource.Window is null ? TimeSpan.FromHours(23) : TimeSpan.FromDays(179);
        var times = rows.Select(row => row.GetProperty(column).GetInt64()).ToList();
        var newest = times.Max();
        return [.. rows.Where((_, i) => times[i] > newest - (long)back.TotalSeconds)];
    }

    private static IReadOnlyList<JsonElement>? All(World world, TableName table, Resource resource) => resource switch
    {
        { TakesPeriod: true } => null,
        { SharedWith: { } shared } => [.. world.Rows(shared).Where(HasPerson)],
        { Name: "customer_relationships" } => [.. world.Rows(resource.Name).Select(WithCioId)],
        { Name: "objects" } => [.. world.Rows(resource.Name).Select(Flat)],
        _ => [.. world.Rows(resource.Name)],
    };

    private static bool HasPerson(JsonElement row) =>
        row.GetProperty("customer_id").ValueKind != JsonValueKind.Null || row.TryGetProperty("customer_identifiers", out _);

    // The search gives the identifiers of an object at the top, the world keeps them together.
    private static JsonElement Flat(JsonElement row) =>
        Parse(row.GetProperty("identifiers").GetRawText()[..^1] + $",\"object_type_id\":{row.GetProperty("object_type_id").GetRawText()}}}");

    // The world calls the person of a relationship customer_id, as the table's documented key does; it is the cio_id.
    private static JsonElement WithCioId(JsonElement row) =>
        Parse(row.GetRawText()[..^1] + $",\"cio_id\":{row.GetProperty("customer_id").GetRawText()}}}");

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
