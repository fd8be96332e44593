using System.Text.Json;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Reads the filter grammar for people (and, with other leaves, for objects) into a predicate; anything outside it is a 400.</summary>
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
