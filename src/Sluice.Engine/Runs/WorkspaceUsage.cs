namespace Sluice.Engine.Runs;

/// <summary>What a run asked one of several workspaces for.</summary>
/// <param name="Name">The workspace's name in the pipeline.</param>
/// <param name="Requests">All HTTP requests, retries included.</param>
/// <param name="RateLimited">Answers with status 429.</param>
/// <param name="BudgetUsed">The share of its request budget that was used between first and last request, from 0 to 1.</param>
public sealed record WorkspaceUsage(string Name, long Requests, long RateLimited, double BudgetUsed);
