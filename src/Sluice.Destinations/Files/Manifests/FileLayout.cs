using Sluice.Destinations.Files.Formats;

namespace Sluice.Destinations.Files.Manifests;

/// <summary>How a table's files are made; when it changes, all of them are made anew.</summary>
/// <param name="Format">The format.</param>
/// <param name="Compression">The compression.</param>
/// <param name="FormulaGuard">Whether text that looks like a formula has an apostrophe before it; of CSV only.</param>
/// <param name="PartitionBy">The partitioning as it is given, or null.</param>
internal sealed record FileLayout(FileFormat Format, Compression Compression, bool FormulaGuard, string? PartitionBy);
