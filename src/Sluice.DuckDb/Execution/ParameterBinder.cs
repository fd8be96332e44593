using System.Globalization;
using System.Numerics;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Execution;

/// <summary>Gives a prepared statement its values.</summary>
internal static class ParameterBinder
{
    internal static void Bind(PreparedHandle statement, DuckDBParameterCollection parameters)
    {
        var count = NativeMethods.duckdb_nparams(statement);
        for (var index = 1UL; index <= count; index++)
        {
            var name = NativeText.Owned(NativeMethods.duckdb_parameter_name(statement, index)) ?? "";
            var parameter = Find(parameters, name)
                ?? throw new InvalidOperationException($"The statement needs a value for parameter ${name}, and the command has {Describe(parameters)}.");
            var state = BindValue(statement, index, parameter.Value, name);
            if (state != NativeState.Success)
            {
                throw new DuckDBException(
                    NativeText.Borrowed(NativeMethods.duckdb_prepare_error(statement)) ?? $"DuckDB does not take the value of parameter ${name}.",
                    DuckDBErrorType.InvalidInput);
            }
        }
    }

    private static DuckDBParameter? Find(DuckDBParameterCollection parameters, string name)
    {
        var byName = parameters.IndexOf(name);
        if (byName >= 0)
            return parameters[byName];
        // "?" and "$1" are named by their number.
        if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var position) || position < 1 || position > parameters.Count)
            return null;
        var byPosition = parameters[position - 1];
        return byPosition.ParameterName.Length == 0 ? byPosition : null;
    }

    private static string Describe(DuckDBParameterCollection parameters) =>
        parameters.Count == 0
            ? "none"
            : string.Join(", ", parameters.Cast<DuckDBParameter>().Select((p, i) =>
                p.ParameterName.Length == 0 ? string.Create(CultureInfo.InvariantCulture, $"position {i + 1}") : $"${p.ParameterName}"));

    private static NativeState BindValue(PreparedHandle s, ulong i, object? value, string name) => value switch
    {
        null or DBNull => NativeMethods.duckdb_bind_null(s, i),
        string v => BindText(s, i, v, name),
        bool v => NativeMethods.duckdb_bind_boolean(s, i, v ? (byte)1 : (byte)0),
        int v => NativeMethods.duckdb_bind_int32(s, i, v),
        long v => NativeMethods.duckdb_bind_int64(s, i, v),
        double v => NativeMethods.duckdb_bind_double(s, i, v),
        sbyte v => NativeMethods.duckdb_bind_int8(s, i, v),
        short v => NativeMethods.duckdb_bind_int16(s, i, v),
        byte v => NativeMethods.duckdb_bind_uint8(s, i, v),
        ushort v => NativeMethods.duckdb_bind_uint16(s, i, v),
        uint v => NativeMethods.duckdb_bind_uint32(s, i, v),
        ulong v => NativeMethods.duckdb_bind_uint64(s, i, v),
        float v => NativeMethods.duckdb_bind_float(s, i, v),
        decimal v => NativeMethods.duckdb_bind_decimal(s, i, DecimalParts.Of(v)),
        Int128 v => NativeMethods.duckdb_bind_hugeint(s, i, new NativeHugeInt(v)),
        UInt128 v => NativeMethods.duckdb_bind_uhugeint(s, i, new NativeHugeInt(v)),
        BigInteger v => BindBigInteger(s, i, v, name),
        char v => BindText(s, i, v.ToString(), name),
        byte[] v => BindBlob(s, i, v),
        ReadOnlyMemory<byte> v => BindBlob(s, i, v.Span),
        Memory<byte> v => BindBlob(s, i, v.Span),
        Guid v => BindGuid(s, i, v),
        DuckDBInterval v => NativeMethods.duckdb_bind_interval(s, i, v),
        Enum v => BindText(s, i, v.ToString(), name),
        _ => BindTime(s, i, value, name),
    };

    private static NativeState BindTime(PreparedHandle s, ulong i, object value, string name) => value switch
    {
        DateTime v => NativeMethods.duckdb_bind_timestamp(s, i, Moment.ToMicros(v)),
        DateTimeOffset v => NativeMethods.duckdb_bind_timestamp_tz(s, i, Moment.ToMicros(v.UtcDateTime)),
        DateOnly v => NativeMethods.duckdb_bind_date(s, i, Moment.ToDays(v)),
        TimeOnly v => NativeMethods.duckdb_bind_time(s, i, v.Ticks / TimeSpan.TicksPerMicrosecond),
        TimeSpan v => NativeMethods.duckdb_bind_interval(s, i, DuckDBInterval.FromTimeSpan(v)),
        _ => throw new NotSupportedException($"Parameter ${name} has the type {value.GetType()}, which has no DuckDB type: convert it before."),
    };

    private static NativeState BindText(PreparedHandle s, ulong i, string value, string name)
    {
        var bytes = NativeText.WithTerminator(value, $"Parameter ${name}");
        return NativeMethods.duckdb_bind_varchar_length(s, i, bytes, (ulong)bytes.Length - 1);
    }

    private static NativeState BindBlob(PreparedHandle s, ulong i, ReadOnlySpan<byte> value)
    {
        // An empty span may have no address, and a null address is not an empty blob.
        return NativeMethods.duckdb_bind_blob(s, i, value.IsEmpty ? [0] : value, (ulong)value.Length);
    }

    private static NativeState BindGuid(PreparedHandle s, ulong i, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        var number = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        using var native = NativeMethods.duckdb_create_uuid(new NativeHugeInt(number));
        return NativeMethods.duckdb_bind_value(s, i, native);
    }

    private static NativeState BindBigInteger(PreparedHandle s, ulong i, BigInteger value, string name)
    {
        if (value >= (BigInteger)Int128.MinValue && value <= (BigInteger)Int128.MaxValue)
            return NativeMethods.duckdb_bind_hugeint(s, i, new NativeHugeInt((Int128)value));
        if (value.Sign > 0 && value <= (BigInteger)UInt128.MaxValue)
            return NativeMethods.duckdb_bind_uhugeint(s, i, new NativeHugeInt((UInt128)value));
        throw new OverflowException($"Parameter ${name} = {value} is outside HUGEINT and UHUGEINT.");
    }
}
