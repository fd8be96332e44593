using System.Text.Json.Serialization;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract.Exports;

/// <summary>Records in a CSV file of their own, without a header line, that is to become a segment.</summary>
/// <param name="Partition">The partition that they belong to.</param>
/// <param name="Path">The file, in the sink's folder; it is moved.</param>
/// <param name="Form">The names of its columns, and what every record has besides.</param>
internal sealed record CsvDraft(string Partition, string Path, CsvForm Form)
{
    public required int Rows { get; init; }

    public required int Length { get; init; }

    public required int LargestRecord { get; init; }

    public required FieldProfile Fields { get; init; }
}

/// <summary>How the CSV of a segment is to be understood.</summary>
/// <param name="Header">The fields in the order of the columns, each once.</param>
/// <param name="Injected">What every record has besides, as raw JSON by field.</param>
internal sealed record CsvForm(
    [property: JsonPropertyName("header")] IReadOnlyList<string> Header,
    [property: JsonPropertyName("stamp")] IReadOnlyDictionary<string, string> Injected)
{
    /// <summary>Whether records have the field.</summary>
    public bool Has(string field) => Injected.ContainsKey(field) || Header.Contains(field, StringComparer.Ordinal);
}
