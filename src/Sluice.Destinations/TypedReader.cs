using System.Collections;
using System.Data.Common;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations;

/// <summary>The rows of a table in .NET's types, the same whatever the driver makes of them: long, double, bool, string, DateTimeOffset.</summary>
/// <param name="rows">The driver's rows.</param>
/// <param name="types">What each column means.</param>
/// <param name="text">Reads a column's text.</param>
/// <param name="explain">The driver's error in our words; null when it is none of the driver's.</param>
/// <param name="owned">What ends with the rows, in this order.</param>
internal sealed class TypedReader(
    DbDataReader rows,
    IReadOnlyList<ColumnType> types,
    Func<int, string> text,
    Func<Exception, Exception?> explain,
    params IAsyncDisposable[] owned) : DbDataReader
{
    private bool _isDisposed;

    public override int Depth => rows.Depth;

    public override int FieldCount => rows.FieldCount;

    public override bool HasRows => rows.HasRows;

    public override bool IsClosed => rows.IsClosed;

    public override int RecordsAffected => rows.RecordsAffected;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override object GetValue(int ordinal) => rows.IsDBNull(ordinal) ? DBNull.Value : types[ordinal] switch
    {
        ColumnType.Bigint => GetInt64(ordinal),
        ColumnType.Double => GetDouble(ordinal),
        ColumnType.Boolean => GetBoolean(ordinal),
        ColumnType.Timestamp => Time(ordinal),
        _ => text(ordinal),
    };

    public override Type GetFieldType(int ordinal) => types[ordinal] switch
    {
        ColumnType.Bigint => typeof(long),
        ColumnType.Double => typeof(double),
        ColumnType.Boolean => typeof(bool),
        ColumnType.Timestamp => typeof(DateTimeOffset),
        _ => typeof(string),
    };

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, FieldCount);
        for (var place = 0; place < count; place++)
        {
            values[place] = GetValue(place);
        }

        return count;
    }

    public override T GetFieldValue<T>(int ordinal) => GetValue(ordinal) is T value ? value : rows.GetFieldValue<T>(ordinal);

    public override bool GetBoolean(int ordinal) => rows.GetBoolean(ordinal);

    public override long GetInt64(int ordinal) => rows.GetInt64(ordinal);

    public override double GetDouble(int ordinal) => rows.GetDouble(ordinal);

    public override string GetString(int ordinal) => text(ordinal);

    public override byte GetByte(int ordinal) => rows.GetByte(ordinal);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
        rows.GetBytes(ordinal, dataOffset, buffer, bufferOffset, length);

    public override char GetChar(int ordinal) => rows.GetChar(ordinal);

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        rows.GetChars(ordinal, dataOffset, buffer, bufferOffset, length);

    public override string GetDataTypeName(int ordinal) => types[ordinal] == ColumnType.Json ? "JSON" : rows.GetDataTypeName(ordinal);

    public override DateTime GetDateTime(int ordinal) => Time(ordinal).UtcDateTime;

    public override decimal GetDecimal(int ordinal) => rows.GetDecimal(ordinal);

    public override float GetFloat(int ordinal) => rows.GetFloat(ordinal);

    public override Guid GetGuid(int ordinal) => rows.GetGuid(ordinal);

    public override short GetInt16(int ordinal) => rows.GetInt16(ordinal);

    public override int GetInt32(int ordinal) => rows.GetInt32(ordinal);

    public override string GetName(int ordinal) => rows.GetName(ordinal);

    public override int GetOrdinal(string name) => rows.GetOrdinal(name);

    public override bool IsDBNull(int ordinal) => rows.IsDBNull(ordinal);

    public override bool NextResult() => rows.NextResult();

    public override bool Read() => rows.Read();

    public override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await rows.ReadAsync(cancellationToken);
        }
        catch (Exception error) when (explain(error) is not null)
        {
            throw explain(error)!;
        }
    }

    public override IEnumerator GetEnumerator() => new DbEnumerator(this, closeReader: false);

    public override async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await rows.DisposeAsync();
            foreach (var one in owned)
            {
                await one.DisposeAsync();
            }
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    // ClickHouse's driver knows no DateTimeOffset: there a time is a DateTime in UTC.
    private DateTimeOffset Time(int ordinal) =>
        rows.GetFieldType(ordinal) == typeof(DateTime)
            ? new(DateTime.SpecifyKind(rows.GetDateTime(ordinal), DateTimeKind.Utc))
            : rows.GetFieldValue<DateTimeOffset>(ordinal);
}
