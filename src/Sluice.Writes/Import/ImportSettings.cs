using Sluice.Writes.Journal;

namespace Sluice.Writes.Import;

/// <summary>What was said about an import.</summary>
public sealed record ImportSettings
{
    /// <summary>The file, the pattern of files, or <c>-</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The target: an operation's name, for a segment with its name or id behind a colon.</summary>
    public required string Target { get; init; }

    /// <summary>
    /// Which attribute a column becomes, as <c>column=attribute</c>; <c>@name</c> is a value of the operation, <c>-</c> leaves it out.
    /// </summary>
    public IReadOnlyList<string> Maps { get; init; } = [];

    /// <summary>Values that are the same for all rows, as <c>name=value</c>.</summary>
    public IReadOnlyList<string> Constants { get; init; } = [];

    /// <summary>What columns hold, as <c>column=text|number|boolean|time|json</c>.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>What names a person: id, email or cio_id; null for what the columns are called.</summary>
    public string? Identifier { get; init; }

    /// <summary>Whether a column without a value takes the attribute away; otherwise it is left as it is.</summary>
    public bool ClearsNulls { get; init; }

    /// <summary>Whether an import that was finished before is sent once more.</summary>
    public bool IsAgain { get; init; }

    /// <summary>The format of times, as strftime has it; null for those of ISO 8601 and unix seconds.</summary>
    public string? TimeFormat { get; init; }

    /// <summary>How much is read back afterwards.</summary>
    public VerifyMode Verify { get; init; } = VerifyMode.None;

    /// <summary>Whether reading back was asked for, so that an import that was finished before is read back too.</summary>
    public bool IsVerifyGiven { get; init; }

    /// <summary>How long Customer.io's queue is waited for when something is not there yet.</summary>
    public TimeSpan VerifyPatience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The rows of a query; null when the source is a file.</summary>
    public QueryRows? Query { get; init; }

    /// <summary>The folder that paths are relative to.</summary>
    public required string Folder { get; init; }

    /// <summary>The folder for journals.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Where rejected rows are written.</summary>
    public required string RejectsPath { get; init; }

    /// <summary>Gives standard input.</summary>
    public Func<Stream> Input { get; init; } = () => Stream.Null;

    /// <summary>What makes the workspace the same one, without a key in it.</summary>
    public required string Workspace { get; init; }

    // The same command goes on with the same rows.
    internal string SpoolName
    {
        get
        {
            string?[] said = [Query?.Name, Query?.Sql, Target, Workspace, Identifier, TimeFormat, $"{ClearsNulls}", .. Maps, .. Constants, .. Types];
            return $"query-{JournalFolder.Hash(string.Join('\n', said))[..16]}.jsonl";
        }
    }

    /// <summary>Where rows are written that were not read back as they were sent.</summary>
    public string UnverifiedPath => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(RejectsPath))!, "unverified.csv");

    internal string TargetName => Target.Split(':', 2)[0];

    internal string? TargetDetail => Target.Split(':', 2) is [_, var detail] ? detail : null;
}
