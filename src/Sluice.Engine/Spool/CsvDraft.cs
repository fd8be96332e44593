using Sluice.CustomerIo;

namespace Sluice.Engine.Spool;

/// <summary>Records in a CSV file of their own, without a header line, that is to become a segment.</summary>
/// <param name="Walk">The walk that they belong to.</param>
/// <param name="Path">The file, in the feed's folder; it is moved.</param>
/// <param name="Form">The names of its columns, and what every record has besides.</param>
internal sealed record CsvDraft(string Walk, string Path, CsvForm Form)
{
    public required int Rows { get; init; }

    public required int Length { get; init; }

    public required int LargestRecord { get; init; }

    public required FieldProfile Fields { get; init; }
}
