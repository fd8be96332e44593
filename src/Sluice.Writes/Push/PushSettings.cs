using Sluice.Writes.Import;

namespace Sluice.Writes.Push;

/// <summary>What becomes of the rows of a source that were pushed before.</summary>
public enum PushMode
{
    /// <summary>Adds what is new and updates what has changed.</summary>
    Upsert,

    /// <summary>Updates people who are there, and adds nobody.</summary>
    Update,

    /// <summary>As upsert, and removes what was pushed before and is no longer in the source.</summary>
    Mirror,

    /// <summary>Sends the row of each key once.</summary>
    Append,
}

/// <summary>What was said about a push.</summary>
public sealed record PushSettings
{
    /// <summary>How much a mirror may remove when nothing is said.</summary>
    public const string UsualMaxDeletes = "10%";

    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>Where the rows come from, what they become, and how they are read back.</summary>
    public required ImportSettings Import { get; init; }

    /// <summary>What becomes of rows that were pushed before; null for what suits the target.</summary>
    public PushMode? Mode { get; init; }

    /// <summary>The columns that name a row; empty for those that name the person or object.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>How much a mirror may remove without being asked: a number of rows, or a part of those pushed before, as 10%.</summary>
    public string MaxDeletes { get; init; } = UsualMaxDeletes;

    /// <summary>Whether all rows are sent, also those that have not changed.</summary>
    public bool IsFullRefresh { get; init; }

    /// <summary>Whether nothing is sent and nothing is kept.</summary>
    public bool IsDryRun { get; init; }

    internal PushMode ModeOrDefault => Mode ?? PushRules.DefaultOf(Import.TargetName);
}
