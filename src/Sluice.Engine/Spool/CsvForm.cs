using System.Text.Json.Serialization;

namespace Sluice.Engine.Spool;

/// <summary>How the CSV of a segment is to be understood.</summary>
/// <param name="Header">The fields in the order of the columns, each once.</param>
/// <param name="Stamp">What every record has besides, as raw JSON by field.</param>
internal sealed record CsvForm(
    [property: JsonPropertyName("header")] IReadOnlyList<string> Header,
    [property: JsonPropertyName("stamp")] IReadOnlyDictionary<string, string> Stamp)
{
    /// <summary>Whether records have the field.</summary>
    public bool Has(string field) => Stamp.ContainsKey(field) || Header.Contains(field, StringComparer.Ordinal);
}
