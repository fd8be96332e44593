namespace Sluice.Benchmarks.Kill;

/// <summary>How a run ended and what it said.</summary>
internal sealed record ToolEnd(int Code, string Out, string Error);
