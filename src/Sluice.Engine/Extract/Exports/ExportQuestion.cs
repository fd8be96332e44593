namespace Sluice.Engine.Extract.Exports;

/// <summary>One export to ask Customer.io for.</summary>
/// <param name="Walk">Its name in the manifest: the same in a run that goes on.</param>
/// <param name="Title">What it is, for people.</param>
/// <param name="Body">The body of the POST.</param>
/// <param name="Stamp">What all of its rows have besides the file's columns, as raw JSON by field.</param>
internal sealed record ExportQuestion(string Walk, string Title, ReadOnlyMemory<byte> Body, IReadOnlyDictionary<string, string> Stamp);
