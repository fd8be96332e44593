using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sluice.Writes.Journal;

/// <summary>One line of a journal: what is intended, or what became of a request.</summary>
public sealed record JournalEntry
{
    internal const string Plan = "plan";
    internal const string Sent = "sent";
    internal const string Done = "done";
    internal const string Refused = "refused";
    internal const string Unknown = "unknown";
    internal const string NotSent = "not_sent";
    internal const string End = "end";

    /// <summary>What the line says: plan, sent, done, refused, unknown, not_sent or end.</summary>
    [JsonPropertyName("k")]
    public required string Kind { get; init; }

    /// <summary>When, by this machine's clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The request's number within the import, from 1; 0 where the line is about all of it.</summary>
    public int Batch { get; init; }

    /// <summary>The number of the request's first row in the source, from 1.</summary>
    public long FirstRow { get; init; }

    /// <summary>The number of its last row.</summary>
    public long LastRow { get; init; }

    /// <summary>Rows in the request; in the line of the end those that Customer.io has taken.</summary>
    public long Rows { get; init; }

    /// <summary>The hash of the request's body: the same rows make the same body again.</summary>
    public string? Hash { get; init; }

    /// <summary>Why a request was refused, or is unknown.</summary>
    public string? Reason { get; init; }

    /// <summary>The rows that Customer.io has not taken.</summary>
    public IReadOnlyList<RefusedRow>? Failed { get; init; }

    /// <summary>What a statement does to a row: insert, update, delete or call; null for an import.</summary>
    public string? Verb { get; init; }

    /// <summary>The call of a statement and the row that it is about.</summary>
    public string? Call { get; init; }

    /// <summary>The values that the call overwrites, where they can be written back.</summary>
    public JsonObject? Before { get; init; }

    /// <summary>The values that the call sets in their place: what is neither these nor those, somebody else has changed since.</summary>
    public JsonObject? Set { get; init; }

    /// <summary>What is intended; in the first line only.</summary>
    public JournalPlan? Intent { get; init; }
}

/// <summary>What a journal is about.</summary>
/// <param name="Fingerprint">The hash of source, mapping, target and workspace: the same import has the same one.</param>
/// <param name="Source">The source as it was named.</param>
/// <param name="Target">The target as it was named.</param>
/// <param name="IsRepeatable">Whether its requests may be sent twice.</param>
public sealed record JournalPlan(string Fingerprint, string Source, string Target, bool IsRepeatable)
{
    /// <summary>The file beside the journal that keeps the rows of a query until the import is finished; null when the source is a file.</summary>
    public string? Spool { get; init; }

    /// <summary>What tells a statement's workspace from others, without a key in it; null for an import.</summary>
    public string? Workspace { get; init; }
}

/// <summary>A row that Customer.io has not taken, in its words.</summary>
/// <param name="Row">The row's number in the source, from 1; 0 when the answer does not say which row of the request it was.</param>
/// <param name="Line">Its line in the file, or the same number where there are no lines.</param>
/// <param name="Field">The field that Customer.io names.</param>
/// <param name="Reason">Customer.io's words.</param>
public sealed record RefusedRow(long Row, long Line, string Field, string Reason);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;
