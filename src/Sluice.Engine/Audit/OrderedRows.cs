using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Sluice.Engine.Audit;

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
