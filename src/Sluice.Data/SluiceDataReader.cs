using System.Collections;
using System.Collections.ObjectModel;
using System.Data;
using System.Data.Common;
using Sluice.Engine.Catalog;
using Sluice.Sql;
using Sluice.Sql.Text;
using Sluice.Writes.Statements;

namespace Sluice.Data;

/// <summary>The rows of a command, computed as they are read; closing it removes what was fetched for them.</summary>
public sealed class SluiceDataReader : DbDataReader, IDbColumnSchemaGenerator
{
    private readonly SluiceCommand _command;
    private readonly SluiceConnection _connection;
    private readonly Queue<SqlStatement> _statements;
    private readonly CommandBehavior _behavior;
    private ResultRows? _rows;
    private int? _changed;
    private bool _isClosed;

    internal SluiceDataReader(SluiceCommand command, SluiceConnection connection, Queue<SqlStatement> statements, CommandBehavior behavior)
    {
        (_command, _connection, _statements, _behavior) = (command, connection, statements, behavior);
        Execution = new Execution(command.CommandTimeout);
    }

    /// <summary>What the present query has cost; null behind the last one.</summary>
    public QueryReport? Report => _rows?.Report;

    /// <summary>What became of the present statement's calls, and what reading back has shown; null for a query and behind the last one.</summary>
    public CallReport? Changes => _rows?.Changes;

    /// <inheritdoc/>
    public override int Depth => 0;

    /// <inheritdoc/>
    public override int FieldCount => Open()?.Columns.Count ?? 0;

    /// <inheritdoc/>
    public override bool HasRows => Open()?.HasRows ?? false;

    /// <inheritdoc/>
    public override bool IsClosed => _isClosed;

    /// <summary>Rows that the command's statements have changed so far, a CALL counting as one; -1 when there are only queries.</summary>
    public override int RecordsAffected => _changed ?? -1;

    internal Execution Execution { get; }

    /// <inheritdoc/>
    public override object this[int ordinal] => GetValue(ordinal);

    /// <inheritdoc/>
    public override object this[string name] => GetValue(GetOrdinal(name));

    /// <inheritdoc/>
    public override bool Read() => ReadAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Goes to the next row; false at the end.</summary>
    /// <exception cref="SluiceDbException">The row can't be computed, or the command was cancelled.</exception>
    public override async Task<bool> ReadAsync(CancellationToken cancellationToken) =>
        Open() is { } rows && await Execution.ReadAsync(rows, cancellationToken);

    /// <inheritdoc/>
    public override bool NextResult() => Blocking.Run(() => NextResultAsync(CancellationToken.None));

    /// <summary>Runs the command's next statement, which is asked for only now; false when there is none.</summary>
    /// <exception cref="SluiceDbException">It is wrong or too expensive, or Customer.io refuses.</exception>
    public override async Task<bool> NextResultAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Open() is { } read)
        {
            _rows = null;
            await read.DisposeAsync();
            if (_behavior.HasFlag(CommandBehavior.SingleResult) || _behavior.HasFlag(CommandBehavior.SingleRow))
            {
                _statements.Clear();
            }
        }

        if (_statements.Count == 0)
        {
            return false;
        }

        _rows = await Execution.RunAsync(
            stop => StatementRows.RunAsync(_statements.Dequeue(), _command, _connection, _behavior, stop), cancellationToken);
        _changed = Changes is { } changes ? (_changed ?? 0) + changes.Count(CallState.Done, CallState.DoneBefore) : _changed;
        return true;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (!_isClosed)
        {
            Blocking.Run(CloseAsync);
        }
    }

    /// <inheritdoc/>
    public override async Task CloseAsync()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _command.Release(this);
        _connection.Release(this);
        if (_rows is { } rows)
        {
            await rows.DisposeAsync();
        }

        Execution.Dispose();
        if (_behavior.HasFlag(CommandBehavior.CloseConnection))
        {
            await _connection.CloseAsync();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    public override string GetName(int ordinal) => Column(ordinal).ColumnName;

    /// <summary>The type in SQL.</summary>
    public override string GetDataTypeName(int ordinal) => Column(ordinal).DataTypeName!;

    /// <inheritdoc/>
    public override Type GetFieldType(int ordinal) => Column(ordinal).DataType!;

    /// <summary>The place of a column; case decides only where names differ by it alone.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    public override int GetOrdinal(string name)
    {
        var names = Result().Columns.Select(column => column.ColumnName).ToList();
        var place = names.IndexOf(name);
        place = place >= 0 ? place : names.FindIndex(one => string.Equals(one, name, StringComparison.OrdinalIgnoreCase));
        return place >= 0 ? place : throw new IndexOutOfRangeException($"There is no column '{name}'. {Suggestion.For(name ?? "", names)}".TrimEnd());
    }

    /// <inheritdoc/>
    public override bool IsDBNull(int ordinal) => Row(ordinal).IsNull(ordinal);

    /// <inheritdoc/>
    public override object GetValue(int ordinal) => FieldValue.Of(Row(ordinal).Raw(ordinal), Column(ordinal));

    /// <inheritdoc/>
    public override int GetValues(object[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var count = Math.Min(values.Length, Result().Columns.Count);
        for (var ordinal = 0; ordinal < count; ordinal++)
        {
            values[ordinal] = GetValue(ordinal);
        }

        return count;
    }

    /// <summary>The value as any type that holds every value of the column; a nullable one is null for NULL.</summary>
    /// <exception cref="InvalidCastException">The type does not, or the value is NULL.</exception>
    public override T GetFieldValue<T>(int ordinal) => FieldValue.As<T>(Row(ordinal).Raw(ordinal), Column(ordinal));

    /// <inheritdoc/>
    public override bool GetBoolean(int ordinal) => GetFieldValue<bool>(ordinal);

    /// <inheritdoc/>
    public override byte GetByte(int ordinal) => GetFieldValue<byte>(ordinal);

    /// <inheritdoc/>
    public override char GetChar(int ordinal) => GetFieldValue<char>(ordinal);

    /// <inheritdoc/>
    public override DateTime GetDateTime(int ordinal) => GetFieldValue<DateTime>(ordinal);

    /// <inheritdoc/>
    public override decimal GetDecimal(int ordinal) => GetFieldValue<decimal>(ordinal);

    /// <inheritdoc/>
    public override double GetDouble(int ordinal) => GetFieldValue<double>(ordinal);

    /// <inheritdoc/>
    public override float GetFloat(int ordinal) => GetFieldValue<float>(ordinal);

    /// <inheritdoc/>
    public override Guid GetGuid(int ordinal) => GetFieldValue<Guid>(ordinal);

    /// <inheritdoc/>
    public override short GetInt16(int ordinal) => GetFieldValue<short>(ordinal);

    /// <inheritdoc/>
    public override int GetInt32(int ordinal) => GetFieldValue<int>(ordinal);

    /// <inheritdoc/>
    public override long GetInt64(int ordinal) => GetFieldValue<long>(ordinal);

    /// <inheritdoc/>
    public override string GetString(int ordinal) => GetFieldValue<string>(ordinal);

    /// <inheritdoc/>
    public override Stream GetStream(int ordinal) => GetFieldValue<Stream>(ordinal);

    /// <inheritdoc/>
    public override TextReader GetTextReader(int ordinal) => GetFieldValue<TextReader>(ordinal);

    /// <inheritdoc/>
    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
        Copy<byte>(GetFieldValue<byte[]>(ordinal), dataOffset, buffer, bufferOffset, length);

    /// <inheritdoc/>
    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        Copy(GetString(ordinal).AsSpan(), dataOffset, buffer, bufferOffset, length);

    /// <summary>The columns: where they come from, and with <see cref="CommandBehavior.KeyInfo"/> which of them make a key.</summary>
    public ReadOnlyCollection<DbColumn> GetColumnSchema() => new([.. Open()?.Columns ?? []]);

    /// <summary>The columns as a table; null behind the last query.</summary>
    public override DataTable? GetSchemaTable() => Open() is { } rows ? ResultColumn.SchemaTable(rows.Columns) : null;

    /// <inheritdoc/>
    public override IEnumerator GetEnumerator() => new DbEnumerator(this, closeReader: false);

    private static long Copy<T>(ReadOnlySpan<T> from, long offset, T[]? buffer, int bufferOffset, int length)
    {
        if (buffer is null)
        {
            return from.Length;
        }

        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(bufferOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bufferOffset, buffer.Length);
        if (bufferOffset + (long)length > buffer.Length)
        {
            throw new ArgumentException($"The buffer has no room for {length} from {bufferOffset} on.", nameof(length));
        }

        var part = from[(int)Math.Min(offset, from.Length)..];
        part = part[..Math.Min(length, part.Length)];
        part.CopyTo(buffer.AsSpan(bufferOffset));
        return part.Length;
    }

    private ResultRows? Open() => _isClosed ? throw new InvalidOperationException("The reader is closed.") : _rows;

    private ResultRows Result() => Open() ?? throw new InvalidOperationException("There is no result: the last query has been read.");

    private ResultColumn Column(int ordinal) => Result().Columns is var columns && ordinal >= 0 && ordinal < columns.Count
        ? columns[ordinal]
        : throw new IndexOutOfRangeException($"There is no column {ordinal}; the result has {Result().Columns.Count}.");

    private ResultRows Row(int ordinal)
    {
        var rows = Result();
        if (!rows.IsOnRow)
        {
            throw new InvalidOperationException("There is no row: Read has not been called, or has returned false.");
        }

        Column(ordinal);
        return rows;
    }
}
