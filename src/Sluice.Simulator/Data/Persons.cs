using System.Text.Json;

namespace Sluice.Simulator.Data;

/// <summary>The attributes of a person; all values are strings, as in the API.</summary>
internal sealed class PersonProfile
{
    public SortedList<string, string> Attributes { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, long> Timestamps { get; } = new(StringComparer.Ordinal);

    public List<Device> Devices { get; } = [];

    public bool Unsubscribed { get; set; }

    public void Set(string name, string value, long when)
    {
        Attributes[name] = value;
        Timestamps[name] = when;
    }

    public void Remove(string name)
    {
        Attributes.Remove(name);
        Timestamps.Remove(name);
    }
}

/// <summary>A person's identifiers; id and email address are optional, the cio_id is not.</summary>
internal sealed record PersonKey(long Index, string CioId, string? Id, string? Email);

/// <summary>A reference to a person by id, email, phone or cio_id.</summary>
internal sealed record PersonReference(string Kind, string Value)
{
    /// <summary>The identifier in a Track API path: a cio_id has the prefix <c>cio_</c>, an email address an at sign; otherwise an id.</summary>
    public static PersonReference FromPath(string text)
        => text.StartsWith("cio_", StringComparison.Ordinal) ? new PersonReference("cio_id", text[4..])
            : text.Contains('@', StringComparison.Ordinal) ? new PersonReference("email", text)
            : new PersonReference("id", text);
}

/// <summary>A phone or tablet that receives push notifications.</summary>
internal sealed record Device(string Token, string Platform, long LastUsed, IReadOnlyDictionary<string, string> Attributes);

/// <summary>The string that the API stores for an attribute value of any type; null removes the attribute.</summary>
internal static class AttributeText
{
    public static string? Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
