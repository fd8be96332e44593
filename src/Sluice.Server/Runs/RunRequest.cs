namespace Sluice.Server.Runs;

/// <summary>What is to run: a sync or a push, by its name in the pipeline.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">What it is.</param>
internal sealed record RunTarget(string Name, RunKind Kind)
{
    /// <summary>What it is called in the audit trail.</summary>
    public override string ToString() => $"{RunWords.Of(Kind)} {Name}";
}

/// <summary>What can be run.</summary>
public enum RunKind
{
    /// <summary>Tables into a destination.</summary>
    Sync,

    /// <summary>Rows into Customer.io.</summary>
    Push,
}

/// <summary>Why a run is asked for.</summary>
public enum RunReason
{
    /// <summary>It was due.</summary>
    Schedule,

    /// <summary>Times at which it was due passed while no server ran.</summary>
    CatchUp,

    /// <summary>Somebody asked for it, in the browser or with the command.</summary>
    Manual,

    /// <summary>A program asked for it with a token.</summary>
    Api,

    /// <summary>The run before it failed for a reason that may pass.</summary>
    Retry,

    /// <summary>The node that ran it stopped answering, or the server was stopped.</summary>
    Resume,
}

/// <summary>What a run is asked to do besides what the pipeline says.</summary>
public sealed record RunChoices
{
    /// <summary>Nothing besides.</summary>
    public static RunChoices None { get; } = new();

    /// <summary>Only these tables; all when it is empty.</summary>
    // A body of JSON that does not name them sets null.
    public IReadOnlyList<string> Tables { get; init => field = value ?? []; } = [];

    /// <summary>Whether to read everything again and replace the tables.</summary>
    public bool FullRefresh { get; init; }

    /// <summary>Only what was changed or created from this time on, whatever was read before; null for what the pipeline says.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>... and up to this time.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>A request in the queue.</summary>
internal sealed record RunRequest
{
    public required string Id { get; init; }

    public required RunTarget Target { get; init; }

    public required RunReason Reason { get; init; }

    /// <summary>The time at which it was due; null when somebody asked for it.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public required string AskedBy { get; init; }

    /// <summary>1 for the first attempt.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Not to be begun before.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    public RunChoices Choices { get; init; } = RunChoices.None;
}
