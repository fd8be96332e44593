using System.Data;
using System.Data.Common;
using Sluice.Sql;
using Sluice.Writes.Statements;

namespace Sluice.Data;

/// <summary>The rows of one query. The first one is read ahead, so that it is known whether there is any.</summary>
internal sealed class ResultRows : IAsyncDisposable
{
    private readonly DbDataReader _reader;
    private readonly Func<CancellationToken, Task<bool>> _read;
    private readonly IAsyncDisposable _owner;
    private bool _isFirstWaiting;
    private bool _isAtEnd;

    private ResultRows(DbDataReader reader, Func<CancellationToken, Task<bool>> read, IAsyncDisposable owner) =>
        (_reader, _read, _owner) = (reader, read, owner);

    public required IReadOnlyList<ResultColumn> Columns { get; init; }

    public required QueryReport? Report { get; init; }

    /// <summary>What became of a statement's calls; null for a query.</summary>
    public CallReport? Changes { get; init; }

    /// <summary>Rows after which there are no more for this reader.</summary>
    public long MostRows { get; private init; } = long.MaxValue;

    public bool HasRows { get; private set; }

    /// <summary>Whether a row is being read.</summary>
    public bool IsOnRow { get; private set; }

    private long Row { get; set; }

    /// <summary>The rows of a query; for its columns alone no row is read.</summary>
    public static async Task<ResultRows> OfAsync(QueryResult result, CommandBehavior behavior, CancellationToken cancel, CallReport? changes = null)
    {
        var rows = new ResultRows(result.Reader, result.ReadAsync, result)
        {
            Columns = ResultColumn.Of(result, behavior.HasFlag(CommandBehavior.KeyInfo)),
            Report = result.Report,
            Changes = changes,
            MostRows = behavior.HasFlag(CommandBehavior.SchemaOnly) ? 0 : behavior.HasFlag(CommandBehavior.SingleRow) ? 1 : long.MaxValue,
        };
        return await rows.StartAsync(cancel);
    }

    /// <summary>The rows of a table in memory.</summary>
    public static Task<ResultRows> OfAsync(DataTable table, QueryReport? report, CancellationToken cancel, CallReport? changes = null)
    {
        var reader = table.CreateDataReader();
        return new ResultRows(reader, reader.ReadAsync, reader) { Columns = ResultColumn.Of(reader), Report = report, Changes = changes }
            .StartAsync(cancel);
    }

    /// <summary>Goes to the next row; false at the end.</summary>
    public async Task<bool> ReadAsync(CancellationToken cancel)
    {
        IsOnRow = false;
        if (_isAtEnd || Row >= MostRows)
        {
            _isAtEnd = true;
            return false;
        }

        IsOnRow = _isFirstWaiting || await _read(cancel);
        (_isFirstWaiting, _isAtEnd) = (false, !IsOnRow);
        Row++;
        return IsOnRow;
    }

    /// <summary>A value of the row, as DuckDB's driver gives it.</summary>
    public object Raw(int ordinal) => _reader.IsDBNull(ordinal) ? DBNull.Value : _reader.GetValue(ordinal);

    public bool IsNull(int ordinal) => _reader.IsDBNull(ordinal);

    public ValueTask DisposeAsync() => _owner.DisposeAsync();

    private async Task<ResultRows> StartAsync(CancellationToken cancel)
    {
        try
        {
            HasRows = _isFirstWaiting = MostRows > 0 && await _read(cancel);
            _isAtEnd = !HasRows;
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }
}
