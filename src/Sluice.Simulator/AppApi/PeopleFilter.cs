using System.Text.Json;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>The filter over people: segments and attributes.</summary>
internal static class PeopleFilter
{
    public static Func<long, bool> Read(World world, JsonElement filter)
        => new AudienceFilter<long>((name, value) => name switch
        {
            "segment" => Segment(world, value),
            "attribute" => Attribute(world, FilterCondition.Read(value)),
            _ => null,
        }).Read(filter);

    private static Func<long, bool> Segment(World world, JsonElement condition)
    {
        if (condition.ValueKind != JsonValueKind.Object || !condition.TryGetProperty("id", out var id) || !id.TryGetInt64(out var segment))
        {
            throw ApiException.Invalid("segment needs an id");
        }

        return world.Segments.Table.Find(segment) is null
            ? throw ApiException.Invalid($"no segment {segment}")
            : person => world.Segments.Contains(segment, person);
    }

    private static Func<long, bool> Attribute(World world, FilterCondition condition) => condition.Field switch
    {
        "cio_id" => person => condition.Holds(world.People.KeyOf(person).CioId),
        "id" => person => condition.Holds(world.People.KeyOf(person).Id),
        "email" => person => condition.Holds(world.People.KeyOf(person).Email),
        _ => person => condition.Holds(world.People.ProfileOf(person).Attributes.GetValueOrDefault(condition.Field)),
    };
}
