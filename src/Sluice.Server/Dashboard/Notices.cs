using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;

namespace Sluice.Server.Dashboard;

/// <summary>What a page says after a form was sent: the address names the sentence and never holds it, for anybody can make up an address.</summary>
internal static class Notices
{
    public const string Asked = "asked";
    public const string Stopping = "stopping";
    public const string Dropped = "dropped";
    public const string Ended = "ended";
    public const string Paused = "paused";
    public const string Resumed = "resumed";

    public const string Forgotten = "forgotten";
    public const string Kept = "kept";
    public const string SetUp = "set-up";
    public const string Added = "added";
    public const string Changed = "changed";
    public const string Removed = "removed";
    public const string SecretSet = "secret-set";
    public const string Revoked = "revoked";
    public const string Tested = "tested";

    private static readonly FrozenDictionary<string, string> Sentences = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Asked] = "Asked for. It runs as soon as its workspace and its destination are free.",
        [Stopping] = "The run was asked to stop: it ends with the page that it is at. What waited was dropped.",
        [Dropped] = "The request was dropped.",
        [Ended] = "There was nothing to stop: it had ended already.",
        [Paused] = "Paused. Due times go by until somebody resumes it.",
        [Forgotten] = "How far the tables are is forgotten: the next run reads them from the beginning. No row was changed.",
        [Kept] = "Checked and kept: it counts from now on.",
        [SetUp] = "Everything was checked, and the first run is asked for.",
        [Added] = "Added.",
        [Changed] = "Changed. Their sessions have ended.",
        [Removed] = "Removed.",
        [SecretSet] = "The secret is set; it is never shown.",
        [Revoked] = "Revoked: the token is refused from now on.",
        [Tested] = "A test message was sent on its way: what was answered stands in the list.",
        [Resumed] = "Resumed. What was due meanwhile is not made up for.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string? Find(StringValues name) => name is [{ } one] ? Sentences.GetValueOrDefault(one) : null;
}
