namespace Sluice.Engine.Runs;

/// <summary>How long a list is, as far as its first page tells.</summary>
internal sealed record ListLength(long Estimate, int FirstPage, string Basis);
