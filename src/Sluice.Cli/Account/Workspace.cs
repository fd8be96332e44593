namespace Sluice.Cli.Account;

/// <summary>One workspace of an account; its counts are up to two hours old, and messages are those of the billing period.</summary>
internal sealed record Workspace(string Id, string Name, long People, long MessagesSent);
