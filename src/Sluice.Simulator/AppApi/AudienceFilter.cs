using System.Text.Json;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Parses the filter grammar for people (and, with other leaves, for objects) into a predicate; anything else is a 400.</summary>
internal sealed class AudienceFilter<T>(Func<string, JsonElement, Func<T, bool>?> leaf)
{
    public Func<T, bool> Read(JsonElement filter)
    {
        if (filter.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.Invalid("filter must be an object");
        }

        var members = filter.EnumerateObject().ToList();
        if (members.Count != 1)
        {
            throw ApiException.Invalid("a filter has exactly one of and, or, not or a condition");
        }

        var (name, value) = (members[0].Name, members[0].Value);
        switch (name)
        {
            case "and":
                var all = Items(value);
                return candidate => all.TrueForAll(item => item(candidate));
            case "or":
                var any = Items(value);
                return candidate => any.Exists(item => item(candidate));
            case "not":
                var inner = Read(value);
                return candidate => !inner(candidate);
            default:
                return leaf(name, value) ?? throw ApiException.Invalid($"unknown filter: {name}");
        }
    }

    private List<Func<T, bool>> Items(JsonElement items)
        => items.ValueKind == JsonValueKind.Array && items.GetArrayLength() > 0
            ? [.. items.EnumerateArray().Select(Read)]
            : throw ApiException.Invalid("and/or take a list of conditions");
}

/// <summary>The leaf of a filter: a field that exists or equals a value.</summary>
internal sealed record FilterCondition(string Field, string? Value)
{
    public static FilterCondition Read(JsonElement condition)
    {
        if (condition.ValueKind != JsonValueKind.Object || Text(condition, "field") is not { } field)
        {
            throw ApiException.Invalid("a condition needs a field");
        }

        switch (Text(condition, "operator"))
        {
            case "exists":
                return new FilterCondition(field, null);
            case "eq" when condition.TryGetProperty("value", out var value) && value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array):
                return new FilterCondition(field, value.ToString() is "True" or "False" ? value.GetRawText() : value.ToString());
            case "eq":
                throw ApiException.Invalid("eq needs a value");
            default:
                throw ApiException.Invalid("operator must be eq or exists");
        }
    }

    public bool Holds(string? actual) => actual is not null && (Value is null || actual == Value);

    public static string? Text(JsonElement parent, string name)
        => parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

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
