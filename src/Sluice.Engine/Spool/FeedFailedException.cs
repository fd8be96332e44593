namespace Sluice.Engine.Spool;

/// <summary>Another feed that this one reads from has failed; the cause is told once, by the feed that failed.</summary>
internal sealed class FeedFailedException(Exception cause) : Exception(cause.Message, cause);
