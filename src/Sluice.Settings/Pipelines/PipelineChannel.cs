namespace Sluice.Settings.Pipelines;

/// <summary>Where a server tells how it stands with syncs and pushes.</summary>
public sealed record PipelineChannel
{
    /// <summary>The name in the file.</summary>
    public required string Name { get; init; }

    /// <summary>What takes the messages.</summary>
    public required ChannelKind Kind { get; init; }

    /// <summary>The syncs and pushes that it is about, by their names; all of them when it is empty.</summary>
    public IReadOnlyList<string> For { get; init; } = [];

    /// <summary>What it hears of.</summary>
    public required IReadOnlyList<ChannelEvent> On { get; init; }

    /// <summary>
    /// The address of the webhook, of Slack or of the mail server, which may hold a password; null when a variable is not set.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>Who gets mail.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>Who mail is from.</summary>
    public string? From { get; init; }

    /// <summary>What requests to the webhook are signed with; null when a variable is not set.</summary>
    public string? SigningKey { get; init; }

    /// <summary>Gives the name alone, for the rest may hold secrets.</summary>
    public override string ToString() => Name;
}

/// <summary>What takes messages.</summary>
public enum ChannelKind
{
    /// <summary>People, by e-mail.</summary>
    Email,

    /// <summary>A channel of Slack.</summary>
    Slack,

    /// <summary>A program, by signed requests.</summary>
    Webhook,
}

/// <summary>What a channel hears of.</summary>
public enum ChannelEvent
{
    /// <summary>Runs fail: at the first, and once a day as long as it goes on.</summary>
    Failing,

    /// <summary>What was due has not been done.</summary>
    Late,

    /// <summary>What was failing or late has had a good run.</summary>
    Recovered,
}
