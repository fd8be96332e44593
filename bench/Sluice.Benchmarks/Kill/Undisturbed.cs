namespace Sluice.Benchmarks.Kill;

/// <summary>What a run without faults and kills takes.</summary>
internal sealed record Undisturbed(TimeSpan Time, long Answers);
