namespace Sluice.Destinations.Files.Manifests;

/// <summary>One file of a table.</summary>
/// <param name="Path">Its path below the table's folder, with slashes.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Marked">Those of them that are marked as deleted.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="WidestRow">A length in bytes that the text of no row goes beyond.</param>
internal sealed record DataFile(string Path, long Rows, long Marked, long Bytes, long WidestRow);
