namespace Sluice.Engine.Runs;

/// <summary>The expected cost of a feed.</summary>
internal sealed record FeedCost(long Requests, string How, string Basis);
