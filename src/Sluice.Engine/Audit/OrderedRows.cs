using System.Data.Common;

namespace Sluice.Engine.Audit;

/// <summary>The rows of a table in the order of their keys, one at a time.</summary>
internal sealed class OrderedRows(DbDataReader reader, IReadOnlyList<string> key) : IAsyncDisposable
{
    private readonly int[] _key = [.. key.Select(reader.GetOrdinal)];

    public object?[]? Key { get; private set; }

    public IReadOnlyList<string> Columns { get; } = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];

    /// <summary>Goes to the next row; false at the end.</summary>
    public async Task<bool> MoveAsync(CancellationToken cancel)
    {
        Key = await reader.ReadAsync(cancel) ? [.. _key.Select(Value)] : null;
        return Key is not null;
    }

    /// <summary>Whether a column is JSON, as DuckDB tells it.</summary>
    public bool IsJson(string column) => string.Equals(reader.GetDataTypeName(reader.GetOrdinal(column)), "JSON", StringComparison.Ordinal);

    public object? Value(string column) => Value(reader.GetOrdinal(column));

    public ValueTask DisposeAsync() => reader.DisposeAsync();

    private object? Value(int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetValue(ordinal);
}
