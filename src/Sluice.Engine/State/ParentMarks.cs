using System.Text.Json;

namespace Sluice.Engine.State;

/// <summary>The marks of a table's parents as JSON, in unix seconds by key: the form in which destinations keep them.</summary>
public static class ParentMarks
{
    /// <summary>Writes the marks, ordered by key so that equal marks are equal texts.</summary>
    public static string Write(IReadOnlyDictionary<string, DateTimeOffset> marks) => JsonSerializer.Serialize(
        new SortedDictionary<string, long>(marks.ToDictionary(mark => mark.Key, mark => mark.Value.ToUnixTimeSeconds()), StringComparer.Ordinal),
        EngineJson.Default.SortedDictionaryStringInt64);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static IReadOnlyDictionary<string, DateTimeOffset> Read(string json) =>
        JsonSerializer.Deserialize(json, EngineJson.Default.SortedDictionaryStringInt64)!
            .ToDictionary(mark => mark.Key, mark => DateTimeOffset.FromUnixTimeSeconds(mark.Value), StringComparer.Ordinal);
}
