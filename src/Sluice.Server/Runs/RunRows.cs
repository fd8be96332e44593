using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Server.Control;

namespace Sluice.Server.Runs;

/// <summary>A row of run_requests.</summary>
internal sealed record RequestRow
{
    /// <summary>The columns, by the names of the properties.</summary>
    public const string Columns =
        "id AS Id, name AS Name, kind AS Kind, reason AS Reason, due_at AS DueAt, asked_at AS AskedAt, asked_by AS AskedBy, attempt AS Attempt, "
        + "not_before AS NotBefore, options AS Options, state AS State, note AS Note";

    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Reason { get; init; } = "";

    public long? DueAt { get; init; }

    public long AskedAt { get; init; }

    public string AskedBy { get; init; } = "";

    public long Attempt { get; init; }

    public long NotBefore { get; init; }

    public string Options { get; init; } = "";

    public string State { get; init; } = "";

    public string? Note { get; init; }

    public static RequestRow Of(RunRequest request) => new()
    {
        Id = request.Id,
        Name = request.Target.Name,
        Kind = RunWords.Of(request.Target.Kind),
        Reason = RunWords.Of(request.Reason),
        DueAt = request.DueAt is { } due ? ControlTime.Of(due) : null,
        AskedAt = ControlTime.Of(request.AskedAt),
        AskedBy = request.AskedBy,
        Attempt = request.Attempt,
        NotBefore = ControlTime.Of(request.NotBefore),
        Options = JsonSerializer.Serialize(request.Choices, RunJson.Default.RunChoices),
        State = RequestState.Queued,
    };

    public RunRequest ToRequest() => new()
    {
        Id = Id,
        Target = new RunTarget(Name, RunWords.Kind(Kind)),
        Reason = RunWords.Reason(Reason),
        DueAt = ControlTime.Read(DueAt),
        AskedAt = ControlTime.Read(AskedAt),
        AskedBy = AskedBy,
        Attempt = (int)Attempt,
        NotBefore = ControlTime.Read(NotBefore),
        Choices = JsonSerializer.Deserialize(Options, RunJson.Default.RunChoices) ?? RunChoices.None,
    };
}

/// <summary>What becomes of a request.</summary>
internal static class RequestState
{
    public const string Queued = "queued";
    public const string Taken = "taken";
    public const string Dropped = "dropped";
}

/// <summary>What becomes of a run.</summary>
internal static class RunState
{
    public const string Running = "running";
    public const string Done = "done";
    public const string Partial = "partial";
    public const string Failed = "failed";

    /// <summary>Somebody stopped it.</summary>
    public const string Stopped = "stopped";

    /// <summary>The server was stopped, or died: the request goes on with the next run.</summary>
    public const string Interrupted = "interrupted";
}

/// <summary>A row of runs.</summary>
internal sealed record RunRow
{
    /// <summary>The columns but for the report, by the names of the properties.</summary>
    public const string Columns =
        "id AS Id, request_id AS RequestId, name AS Name, kind AS Kind, node AS Node, reason AS Reason, attempt AS Attempt, due_at AS DueAt, "
        + "started_at AS StartedAt, ended_at AS EndedAt, state AS State, exit_code AS ExitCode, table_rows AS TableRows, requests AS Requests, "
        + "summary AS Summary, progress AS Progress, cancel_asked_at AS CancelAskedAt, cancel_asked_by AS CancelAskedBy";

    public string Id { get; init; } = "";

    public string RequestId { get; init; } = "";

    public string Name { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Node { get; init; } = "";

    public string Reason { get; init; } = "";

    public long Attempt { get; init; }

    public long? DueAt { get; init; }

    public long StartedAt { get; init; }

    public long? EndedAt { get; init; }

    public string State { get; init; } = "";

    public long? ExitCode { get; init; }

    /// <summary>Rows that were written.</summary>
    public long? TableRows { get; init; }

    public long? Requests { get; init; }

    /// <summary>What happened, in a sentence.</summary>
    public string? Summary { get; init; }

    /// <summary>Where it is, as JSON, for a run that is under way.</summary>
    public string? Progress { get; init; }

    public long? CancelAskedAt { get; init; }

    public string? CancelAskedBy { get; init; }
}

/// <summary>The words for enumerations in the database and in JSON.</summary>
internal static class RunWords
{
    public static string Of(RunKind kind) => kind == RunKind.Push ? "push" : "sync";

    public static RunKind Kind(string word) => word == "push" ? RunKind.Push : RunKind.Sync;

    public static string Of(RunReason reason) => reason == RunReason.CatchUp ? "catch-up" : reason.ToString().ToLowerInvariant();

    public static RunReason Reason(string word) => Enum.GetValues<RunReason>().First(reason => Of(reason) == word);
}

[JsonSerializable(typeof(RunChoices))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
internal sealed partial class RunJson : JsonSerializerContext;
