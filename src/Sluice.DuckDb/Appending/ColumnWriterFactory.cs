using Sluice.DuckDb.Columns;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Appending;

/// <summary>The one place that knows which type is written how.</summary>
internal static class ColumnWriterFactory
{
    private const long NanosecondsNotTicks = 0;

    internal static ColumnWriter Create(string column, LogicalTypeHandle type)
    {
        var name = TypeName.Of(type);
        var id = NativeMethods.duckdb_get_type_id(type);
        return id switch
        {
            NativeType.Boolean => new BooleanWriter(column, name),
            NativeType.Float => new FloatWriter<float>(column, name),
            NativeType.Double => new FloatWriter<double>(column, name),
            NativeType.Decimal => new DecimalWriter(column, name, NativeMethods.duckdb_decimal_internal_type(type),
                NativeMethods.duckdb_decimal_width(type), NativeMethods.duckdb_decimal_scale(type)),
            NativeType.Varchar => new VarcharWriter(column, name, isJson: name == "JSON"),
            NativeType.Blob => new BlobWriter(column, name),
            NativeType.Uuid => new UuidWriter(column, name),
            _ => Integer(id, column, name) ?? Moment(id, column, name) ?? Nested(id, column, name, type) ?? new UnwritableWriter(column, name),
        };
    }

    private static ColumnWriter? Integer(NativeType id, string column, string name) => id switch
    {
        NativeType.TinyInt => new IntegerWriter<sbyte>(column, name),
        NativeType.SmallInt => new IntegerWriter<short>(column, name),
        NativeType.Integer => new IntegerWriter<int>(column, name),
        NativeType.BigInt => new IntegerWriter<long>(column, name),
        NativeType.UTinyInt => new IntegerWriter<byte>(column, name),
        NativeType.USmallInt => new IntegerWriter<ushort>(column, name),
        NativeType.UInteger => new IntegerWriter<uint>(column, name),
        NativeType.UBigInt => new IntegerWriter<ulong>(column, name),
        NativeType.HugeInt => new IntegerWriter<Int128>(column, name),
        NativeType.UHugeInt => new IntegerWriter<UInt128>(column, name),
        _ => null,
    };

    private static ColumnWriter? Moment(NativeType id, string column, string name) => id switch
    {
        NativeType.Date => new DateWriter(column, name),
        NativeType.Time => new TimeWriter(column, name),
        NativeType.Timestamp => new TimestampWriter(column, name, TimeSpan.TicksPerMicrosecond, withZone: false),
        NativeType.TimestampS => new TimestampWriter(column, name, TimeSpan.TicksPerSecond, withZone: false),
        NativeType.TimestampMs => new TimestampWriter(column, name, TimeSpan.TicksPerMillisecond, withZone: false),
        NativeType.TimestampNs => new TimestampWriter(column, name, NanosecondsNotTicks, withZone: false),
        NativeType.TimestampTz => new TimestampWriter(column, name, TimeSpan.TicksPerMicrosecond, withZone: true),
        NativeType.TimestampTzNs => new TimestampWriter(column, name, NanosecondsNotTicks, withZone: true),
        NativeType.Interval => new IntervalWriter(column, name),
        _ => null,
    };

    private static ColumnWriter? Nested(NativeType id, string column, string name, LogicalTypeHandle type)
    {
        ColumnWriter Child(LogicalTypeHandle child)
        {
            using (child)
                return Create(column, child);
        }

        return id switch
        {
            NativeType.Enum => new EnumWriter(column, name, NativeMethods.duckdb_enum_internal_type(type), NestedType.EnumLabels(type)),
            NativeType.List => new ListWriter(column, name, Child(NativeMethods.duckdb_list_type_child_type(type)), isMap: false),
            NativeType.Map => new ListWriter(column, name, MapPair(column, name, type, Child), isMap: true),
            NativeType.Array => new ArrayWriter(column, name, Child(NativeMethods.duckdb_array_type_child_type(type)),
                checked((int)NativeMethods.duckdb_array_type_array_size(type))),
            NativeType.Struct => new StructWriter(column, name, NestedType.StructNames(type), NestedType.StructTypes(type, Child)),
            _ => null,
        };
    }

    private static StructWriter MapPair(string column, string name, LogicalTypeHandle type, Func<LogicalTypeHandle, ColumnWriter> child) =>
        new(column, name, ["key", "value"], [child(NativeMethods.duckdb_map_type_key_type(type)), child(NativeMethods.duckdb_map_type_value_type(type))]);
}
