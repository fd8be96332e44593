using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Runs;

/// <summary>What a run did: the same object is printed, stored and served.</summary>
public sealed record RunReport
{
    /// <summary>The run's id, which every row carries in <c>_sluice_run_id</c>.</summary>
    public required string RunId { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>The destination, without passwords.</summary>
    public required string Destination { get; init; }

    /// <summary>The tables in the order in which they were asked for.</summary>
    public required IReadOnlyList<TableReport> Tables { get; init; }

    /// <summary>All HTTP requests of the run, retries included.</summary>
    public long Requests { get; init; }

    /// <summary>Answers with status 429.</summary>
    public long RateLimited { get; init; }

    /// <summary>The share of the request budget that was used between first and last request, from 0 to 1; of several workspaces the least.</summary>
    public double BudgetUsed { get; init; }

    /// <summary>The workspaces one by one; empty when the run read a single one that nobody has named.</summary>
    public IReadOnlyList<WorkspaceUsage> Workspaces { get; init; } = [];

    /// <summary>What became of the models; empty unless they were asked for.</summary>
    public IReadOnlyList<ModelReport> Models { get; init; } = [];

    /// <summary>
    /// What failed after the tables were loaded: why the models could not be made, or the run not be written into <c>_sluice_runs</c>; null if
    /// nothing did.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>What to do about <see cref="Error"/>, if known.</summary>
    public string? Hint { get; init; }

    /// <summary>The exit code that the run deserves.</summary>
    public int ExitCode { get; init; }

    /// <summary>This report when a step behind the loading failed or was stopped: the tables are loaded whatever happens there.</summary>
    /// <param name="error">Why the step did not come to its end.</param>
    /// <param name="end">What it would have ended with, as in "the models were made".</param>
    /// <param name="context">Where it happened, for errors that don't say so.</param>
    public RunReport WithFailure(Exception error, string end, string context)
    {
        if (error is OperationCanceledException)
        {
            return this with { Error = $"Stopped before {end}.", ExitCode = Runs.ExitCode.Cancelled };
        }

        var told = SluiceException.From(error, context);
        return this with
        {
            Error = told.Message,
            Hint = told.Hint,
            ExitCode = ExitCode == Runs.ExitCode.Done ? Runs.ExitCode.Of(told.Kind) : ExitCode,
        };
    }
}

/// <summary>What a run asked one of several workspaces for.</summary>
/// <param name="Name">The workspace's name in the pipeline.</param>
/// <param name="Requests">All HTTP requests, retries included.</param>
/// <param name="RateLimited">Answers with status 429.</param>
/// <param name="BudgetUsed">The share of its request budget that was used between first and last request, from 0 to 1.</param>
public sealed record WorkspaceUsage(string Name, long Requests, long RateLimited, double BudgetUsed);

/// <summary>What became of one table in a run.</summary>
public sealed record TableReport
{
    /// <summary>The table as it was asked for, with its period.</summary>
    public required string Source { get; init; }

    /// <summary>The destination table with its schema.</summary>
    public required string Table { get; init; }

    /// <summary>What was done with rows that were there.</summary>
    public required string Strategy { get; init; }

    /// <summary>How it ended.</summary>
    public required TableOutcome Outcome { get; init; }

    /// <summary>The extraction that the rows came from; tables of the same one share its requests.</summary>
    public string Feed { get; init; } = "";

    /// <summary>HTTP requests of the extraction in this run, retries included.</summary>
    public long Requests { get; init; }

    /// <summary>Requests that had to be made again.</summary>
    public long Retries { get; init; }

    /// <summary>Seconds that the extraction's partitions waited for the budget and between retries, added up.</summary>
    public double WaitedSeconds { get; init; }

    /// <summary>Pages read.</summary>
    public long Pages { get; init; }

    /// <summary>Records that Customer.io gave, former runs of a resumed spool included.</summary>
    public long Fetched { get; init; }

    /// <summary>Records that Customer.io says there are; null when it has no count.</summary>
    public long? Expected { get; init; }

    /// <summary>Where <see cref="Expected"/> comes from.</summary>
    public string? ExpectedBy { get; init; }

    /// <summary>Rows that were written: new ones and changed ones.</summary>
    public long Rows { get; init; }

    /// <summary>Rows of these that the table did not have; null where rows are replaced without being compared.</summary>
    public long? Inserted { get; init; }

    /// <summary>Rows of these that the table had with other values; null where rows are replaced without being compared.</summary>
    public long? Updated => Rows - Inserted;

    /// <summary>Rows that the table had already, word for word.</summary>
    public long Unchanged { get; init; }

    /// <summary>Records that are not of this table, or outside the interval or the limit.</summary>
    public long LeftOut { get; init; }

    /// <summary>Rows that were marked or removed because Customer.io no longer has them.</summary>
    public long Deleted { get; init; }

    /// <summary>Rows that lost the mark because Customer.io has them again.</summary>
    public long Returned { get; init; }

    /// <summary>Records that came more than once and count once.</summary>
    public long Doubled { get; init; }

    /// <summary>Values kept in <c>_sluice_rejects</c> because they did not fit.</summary>
    public long Rejected { get; init; }

    /// <summary>Rows in the table after the commit, those marked as deleted left out.</summary>
    public long TableRows { get; init; }

    /// <summary>Bytes of JSON records.</summary>
    public long Bytes { get; init; }

    /// <summary>The largest size of the extraction's files in the work folder at one time in this run, in bytes.</summary>
    public long SpoolBytes { get; init; }

    /// <summary>Where the part of time begins that was read; null for all of the past.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Where it ends, by Customer.io's clock.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Seconds from the start of the run until the table was committed.</summary>
    public double Seconds { get; init; }

    /// <summary>Whether pages of an earlier, killed run were used.</summary>
    public bool Resumed { get; init; }

    /// <summary>Parents that were gone, each with its reason.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>Why rows are missing, one sentence each; empty when everything is there.</summary>
    public IReadOnlyList<string> Gaps { get; init; } = [];

    /// <summary>Columns that records made necessary.</summary>
    public IReadOnlyList<SchemaChange> SchemaChanges { get; init; } = [];

    /// <summary>Sentences worth knowing that are no failures.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The first error in words, if any.</summary>
    public string? Error { get; init; }

    /// <summary>What to do about the error, if known.</summary>
    public string? Hint { get; init; }

    /// <summary>The error's kind, which decides the exit code.</summary>
    public SluiceErrorKind? ErrorKind { get; init; }

    /// <summary>The report of a table of which nothing is known yet.</summary>
    internal static TableReport Of(TableJob job) => new()
    {
        Source = job.Source.ToString(),
        Table = $"{job.Schema}.{job.Table}",
        Strategy = job.StrategyName,
        Outcome = TableOutcome.Done,
    };

    /// <summary>The same with all that Customer.io has a part in shown in another way.</summary>
    internal TableReport With(Func<string, string> shown) => this with
    {
        Skipped = [.. Skipped.Select(shown)],
        Gaps = [.. Gaps.Select(shown)],
        SchemaChanges = [.. SchemaChanges.Select(change => change with { Column = shown(change.Column), Change = shown(change.Change) })],
        Notes = [.. Notes.Select(shown)],
        Error = Error is null ? null : shown(Error),
        Hint = Hint is null ? null : shown(Hint),
    };

    /// <summary>The same with the error that ended it.</summary>
    internal TableReport With(SluiceException error) => this with
    {
        Outcome = error.Kind == SluiceErrorKind.Cancelled ? TableOutcome.Cancelled : TableOutcome.Failed,
        Error = error.Message,
        Hint = error.Hint,
        ErrorKind = error.Kind,
    };
}

/// <summary>How a table's part of a run ended.</summary>
public enum TableOutcome
{
    /// <summary>Everything was read and committed.</summary>
    Done,

    /// <summary>Committed, but named parents or values are missing.</summary>
    Partial,

    /// <summary>Nothing was committed.</summary>
    Failed,

    /// <summary>Stopped on request before the commit; what was fetched is kept for the next run.</summary>
    Cancelled,
}
