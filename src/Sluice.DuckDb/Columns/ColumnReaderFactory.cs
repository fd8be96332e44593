using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

/// <summary>The one place that knows which type is read how.</summary>
internal static class ColumnReaderFactory
{
    private const long NanosecondsNotTicks = 0;

    internal static ColumnReader Create(LogicalTypeHandle type)
    {
        var id = NativeMethods.duckdb_get_type_id(type);
        return id switch
        {
            NativeType.Boolean => new BooleanReader(),
            NativeType.TinyInt => new FixedReader<sbyte>(),
            NativeType.SmallInt => new FixedReader<short>(),
            NativeType.Integer => new FixedReader<int>(),
            NativeType.BigInt => new FixedReader<long>(),
            NativeType.UTinyInt => new FixedReader<byte>(),
            NativeType.USmallInt => new FixedReader<ushort>(),
            NativeType.UInteger => new FixedReader<uint>(),
            NativeType.UBigInt => new FixedReader<ulong>(),
            NativeType.Float => new FixedReader<float>(),
            NativeType.Double => new FixedReader<double>(),
            NativeType.HugeInt => new HugeIntReader(),
            NativeType.UHugeInt => new UHugeIntReader(),
            NativeType.Decimal => new DecimalReader(NativeMethods.duckdb_decimal_internal_type(type), NativeMethods.duckdb_decimal_scale(type)),
            NativeType.BigNum => new BigNumReader(),
            NativeType.Varchar => new VarcharReader(),
            NativeType.Blob or NativeType.Geometry => new BlobReader(),
            NativeType.Bit => new BitReader(),
            NativeType.Uuid => new UuidReader(),
            _ => Moment(id) ?? Nested(id, type) ?? new UnreadableReader(TypeName.Of(type)),
        };
    }

    private static ColumnReader? Moment(NativeType id) => id switch
    {
        NativeType.Date => new DateReader(),
        NativeType.Time => new TimeReader(),
        NativeType.TimeNs => new TimeNsReader(),
        NativeType.TimeTz => new TimeTzReader(),
        NativeType.Timestamp => new TimestampReader(TimeSpan.TicksPerMicrosecond),
        NativeType.TimestampS => new TimestampReader(TimeSpan.TicksPerSecond),
        NativeType.TimestampMs => new TimestampReader(TimeSpan.TicksPerMillisecond),
        NativeType.TimestampNs => new TimestampReader(NanosecondsNotTicks),
        NativeType.TimestampTz => new TimestampTzReader(TimeSpan.TicksPerMicrosecond),
        NativeType.TimestampTzNs => new TimestampTzReader(NanosecondsNotTicks),
        NativeType.Interval => new IntervalReader(),
        _ => null,
    };

    private static ColumnReader? Nested(NativeType id, LogicalTypeHandle type) => id switch
    {
        NativeType.Enum => new EnumReader(NativeMethods.duckdb_enum_internal_type(type), NestedType.EnumLabels(type)),
        NativeType.List => new ListReader(Child(NativeMethods.duckdb_list_type_child_type(type))),
        NativeType.Array => new ArrayReader(
            Child(NativeMethods.duckdb_array_type_child_type(type)), checked((int)NativeMethods.duckdb_array_type_array_size(type))),
        NativeType.Map => new MapReader(Child(NativeMethods.duckdb_map_type_key_type(type)), Child(NativeMethods.duckdb_map_type_value_type(type))),
        NativeType.Struct => new StructReader(NestedType.StructNames(type), NestedType.StructTypes(type, Child)),
        NativeType.Union => new UnionReader(NestedType.UnionTypes(type, Child)),
        _ => null,
    };

    private static ColumnReader Child(LogicalTypeHandle type)
    {
        using (type)
            return Create(type);
    }
}
