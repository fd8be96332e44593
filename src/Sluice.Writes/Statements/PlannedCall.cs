using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.CustomerIo;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>One call that a statement would make: nothing of it was sent yet.</summary>
public sealed record PlannedCall
{
    /// <summary>What is called.</summary>
    public required WriteCall Call { get; init; }

    /// <summary>insert, update, delete or call.</summary>
    public required string Verb { get; init; }

    /// <summary>The row that it is about, by its key, such as <c>id=5</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The values of the path.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Route { get; init; } = [];

    /// <summary>The query.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>The body; null for none. Where the row is read first, what is set in it.</summary>
    public JsonNode? Body { get; init; }

    /// <summary>What changes, value by value.</summary>
    public IReadOnlyList<ValueChange> Changes { get; init; } = [];

    /// <summary>The values that are overwritten, where they can be written back.</summary>
    public JsonObject? Before { get; init; }

    /// <summary>The rows that it sends side by side, of which Customer.io can take some and refuse others; empty for any other call.</summary>
    public IReadOnlyList<PlannedItem> Items { get; init; } = [];

    /// <summary>What somebody should know before it is sent, of a procedure's arguments.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What can be written at all, where the row is read first.</summary>
    public IReadOnlyList<WriteField> Fields { get; init; } = [];

    /// <summary>Whether it may be sent twice.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>The rows of the table that it changes, by their numbers in the statement's copy.</summary>
    public IReadOnlyList<long> Rows { get; init; } = [];

    /// <summary>How many rows that are; a call without rows counts as one.</summary>
    public int Count => Math.Max(Rows.Count, 1);

    /// <summary>Requests that it takes: a row that is overwritten is read before and after.</summary>
    public int Requests => Call.Read is null ? 1 : 3;

    /// <summary>Method and path with their values, percent-encoded where that is needed.</summary>
    public string Path => Route.Aggregate(
        Call.Text, (text, value) => text.Replace($"{{{value.Key}}}", Uri.EscapeDataString(value.Value), StringComparison.Ordinal));

    /// <summary>What makes it the same call in a later run.</summary>
    internal string Hash => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Path}\n{string.Join('&', Query)}\n{Body?.ToJsonString()}")))[..16];

    /// <summary>The request with a body.</summary>
    internal ApiRequest Request(JsonNode? body) => ApiRequest.Write(
        HttpMethod.Parse(Call.Method), Call.Route, body is null ? default : CallBody.Text(body), Call.IsTrack ? ApiTarget.Track : ApiTarget.App) with
    {
        RouteValues = Route,
        Query = Query,
        IsRepeatable = IsRepeatable,
    };
}

/// <summary>A row in a call of several.</summary>
/// <param name="Key">The row, by its key.</param>
/// <param name="Row">Its number in the statement's copy.</param>
/// <param name="Sent">What is sent for it.</param>
/// <param name="Changes">What changes, value by value.</param>
public sealed record PlannedItem(string Key, long Row, JsonObject Sent, IReadOnlyList<ValueChange> Changes)
{
    /// <summary>Earlier rows of the same identifier that go into it.</summary>
    public IReadOnlyList<long> Joined { get; init; } = [];

    /// <summary>All rows that it is sent for.</summary>
    public IEnumerable<long> Rows => Joined.Append(Row);
}

/// <summary>A value that changes.</summary>
/// <param name="Name">The column, or attribute.</param>
/// <param name="Old">What it is now; null when there is nothing, or when nobody has looked.</param>
/// <param name="New">What it becomes; null when it is taken away.</param>
public sealed record ValueChange(string Name, JsonNode? Old, JsonNode? New)
{
    internal KeyValuePair<string, JsonNode?> AsPair => new(Name, New);
}

/// <summary>A row that a statement has changed in its copy of a table.</summary>
/// <param name="Verb">insert, update or delete.</param>
/// <param name="Row">Its number in the copy.</param>
/// <param name="Before">Its values before; null for a new row.</param>
/// <param name="After">Its values after; null for a deleted row.</param>
public sealed record RowChange(string Verb, long Row, JsonObject? Before, JsonObject? After)
{
    /// <summary>The row as it was, or a new one as it is.</summary>
    internal JsonObject Known => Before ?? After!;

    /// <summary>The columns whose values differ.</summary>
    internal IEnumerable<string> Changed => (After ?? []).Select(value => value.Key)
        .Where(name => !JsonNode.DeepEquals(Before?[name], After![name]));

    /// <summary>The value of a column as text; null when there is none.</summary>
    internal string? Text(string column) => Known[column]?.ToString();
}

/// <summary>Numbers and texts in messages.</summary>
internal static class KeyText
{
    /// <summary>Columns with their values.</summary>
    public static string Of(IEnumerable<string> columns, JsonObject row) => string.Join(
        ", ",
        columns.Where(column => row[column] is not null).Select(column => string.Create(CultureInfo.InvariantCulture, $"{column}={row[column]}")));
}
