using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.CustomerIo;

namespace Sluice.Engine.Audit;

/// <summary>A merge join of two tables in key order, with one row of each in memory.</summary>
internal sealed class TableComparison(OrderedRows theirs, OrderedRows ours)
{
    private const int MostExamples = 5;
    private const string Mark = "_sluice_deleted_at";
    private readonly bool _marks = ours.Columns.Contains(Mark, StringComparer.OrdinalIgnoreCase);
    private readonly IReadOnlyList<string> _columns =
    [
        .. theirs
            .Columns.Intersect(ours.Columns, StringComparer.OrdinalIgnoreCase)
            .Where(column => !column.StartsWith("_sluice_", StringComparison.Ordinal)),
    ];
    private readonly List<string> _examples = [];
    private long _theirs;
    private long _ours;
    private long _missing;
    private long _extra;
    private long _stale;

    /// <summary>The interval of a column in which rows are compared: Customer.io may no longer have older ones.</summary>
    public (string Column, DateTimeOffset From, DateTimeOffset? To)? Only { get; init; }

    /// <summary>What webhooks have told of members that the API does not have yet; null where none come.</summary>
    public EventMetrics? Events { get; init; }

    public async Task<AuditedTable> RunAsync(AuditedTable table, CancellationToken cancel)
    {
        await NextAsync(theirs, cancel);
        await NextAsync(ours, cancel);
        while (theirs.Key is not null || ours.Key is not null)
        {
            await StepAsync(cancel);
        }

        if (Events is { } events)
        {
            foreach (var key in await events.UntoldAsync(cancel))
            {
                Note(ref _stale, key, $"stale: {events.Column}");
            }
        }

        return table with { AtCustomerIo = _theirs, InTable = _ours, Missing = _missing, Extra = _extra, Stale = _stale, Examples = _examples };
    }

    private async Task StepAsync(CancellationToken cancel)
    {
        var order = theirs.Key is null ? 1 : ours.Key is null ? -1 : KeyOrder.Compare(theirs.Key, ours.Key);
        var isMarked = order >= 0 && _marks && ours.Value(Mark) is not null;
        _theirs += order <= 0 ? 1 : 0;
        _ours += order >= 0 && !isMarked ? 1 : 0;
        if (order < 0)
        {
            Note(ref _missing, theirs.Key!, "missing");
        }
        else if (order > 0 && !isMarked)
        {
            Note(ref _extra, ours.Key!, "extra: Customer.io does not have it");
        }
        else if (order == 0)
        {
            Compare(isMarked);
        }

        await (order <= 0 ? NextAsync(theirs, cancel) : Task.CompletedTask);
        await (order >= 0 ? NextAsync(ours, cancel) : Task.CompletedTask);
    }

    private void Compare(bool isMarked)
    {
        if (isMarked)
        {
            Note(ref _missing, theirs.Key!, "marked as deleted, but Customer.io has it");
        }
        else if (_columns.Where(column => !IsSame(column, theirs.Value(column), ours.Value(column))).ToList() is { Count: > 0 } columns)
        {
            if (Events?.MayTell(theirs.Key!, columns.ConvertAll(column => (column, theirs.Value(column), ours.Value(column)))) == true)
            {
                return;
            }

            Note(ref _stale, theirs.Key!, $"stale: {string.Join(", ", columns.Take(4))}");
        }
    }

    private bool IsSame(string column, object? left, object? right) =>
        Equals(left, right) || (theirs.IsJson(column) && left is string one && right is string other && JsonEquality.IsSame(one, other));

    // Without the values: a report is shown and stored where personal data does not belong.
    private void Note(ref long count, object?[] key, string what)
    {
        count++;
        if (_examples.Count < MostExamples)
        {
            _examples.Add($"{string.Join('/', key.Select(part => Convert.ToString(part, CultureInfo.InvariantCulture)))}: {what}");
        }
    }

    private async Task NextAsync(OrderedRows rows, CancellationToken cancel)
    {
        while (await rows.MoveAsync(cancel) && IsOutside(rows))
        {
        }
    }

    private bool IsOutside(OrderedRows rows) =>
        Only is var (column, from, to) && rows.Value(column) is DateTimeOffset time && (time < from || time > to);
}

/// <summary>The rows of a table in key order, one at a time.</summary>
internal sealed class OrderedRows(DbDataReader reader, IReadOnlyList<string> key) : IAsyncDisposable
{
    private readonly int[] _key = [.. key.Select(reader.GetOrdinal)];

    public object?[]? Key { get; private set; }

    public IReadOnlyList<string> Columns { get; } = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];

    /// <summary>Moves to the next row; false at the end.</summary>
    public async Task<bool> MoveAsync(CancellationToken cancel)
    {
        Key = await reader.ReadAsync(cancel) ? [.. _key.Select(Value)] : null;
        return Key is not null;
    }

    /// <summary>Whether a column has DuckDB's type JSON.</summary>
    public bool IsJson(string column) => string.Equals(reader.GetDataTypeName(reader.GetOrdinal(column)), "JSON", StringComparison.Ordinal);

    public object? Value(string column) => Value(reader.GetOrdinal(column));

    public ValueTask DisposeAsync() => reader.DisposeAsync();

    private object? Value(int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetValue(ordinal);
}

/// <summary>The order in which destinations return rows: by key, NULL first, text by its UTF-8 bytes.</summary>
internal static class KeyOrder
{
    public static int Compare(object?[] left, object?[] right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            var order = Compare(left[i], right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    private static int Compare(object? left, object? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
        _ => Convert.ToDecimal(left, CultureInfo.InvariantCulture).CompareTo(Convert.ToDecimal(right, CultureInfo.InvariantCulture)),
    };
}

/// <summary>Compares JSON by value: destinations with a JSON type change whitespace and the order of keys.</summary>
internal static class JsonEquality
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonLimits.MaxDepth };

    public static bool IsSame(string left, string right)
    {
        if (string.Equals(left, right, StringComparison.Ordinal))
        {
            return true;
        }

        try
        {
            using var one = JsonDocument.Parse(left, Options);
            using var other = JsonDocument.Parse(right, Options);
            return IsSame(one.RootElement, other.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Text that is not JSON, and names with a lone surrogate, are only equal if identical.
            return false;
        }
    }

    private static bool IsSame(JsonElement left, JsonElement right) =>
        (left.ValueKind, right.ValueKind) switch
        {
            (JsonValueKind.Object, JsonValueKind.Object) => IsSame(Keys(left), Keys(right)),
            (JsonValueKind.Array, JsonValueKind.Array) => left.GetArrayLength() == right.GetArrayLength()
                && left.EnumerateArray().Zip(right.EnumerateArray()).All(pair => IsSame(pair.First, pair.Second)),
            _ => JsonElement.DeepEquals(left, right),
        };

    private static bool IsSame(Dictionary<string, JsonElement> left, Dictionary<string, JsonElement> right) =>
        left.Count == right.Count && left.All(key => right.TryGetValue(key.Key, out var value) && IsSame(key.Value, value));

    // The last of duplicate keys wins, as everywhere.
    private static Dictionary<string, JsonElement> Keys(JsonElement value)
    {
        var keys = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var key in value.EnumerateObject())
        {
            keys[key.Name] = key.Value;
        }

        return keys;
    }
}
