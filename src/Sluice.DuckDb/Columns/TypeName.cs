using System.Globalization;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

/// <summary>A type as DuckDB writes it.</summary>
internal static class TypeName
{
    internal static string Of(LogicalTypeHandle type)
    {
        if (NativeText.Owned(NativeMethods.duckdb_logical_type_get_alias(type)) is { Length: > 0 } alias)
            return alias;
        var id = NativeMethods.duckdb_get_type_id(type);
        return id switch
        {
            NativeType.Decimal => string.Create(CultureInfo.InvariantCulture,
                $"DECIMAL({NativeMethods.duckdb_decimal_width(type)},{NativeMethods.duckdb_decimal_scale(type)})"),
            NativeType.Enum => $"ENUM({string.Join(", ", NestedType.EnumLabels(type).Select(DuckDBLiteral.Quote))})",
            NativeType.List => $"{Child(NativeMethods.duckdb_list_type_child_type(type))}[]",
            NativeType.Array => string.Create(CultureInfo.InvariantCulture,
                $"{Child(NativeMethods.duckdb_array_type_child_type(type))}[{NativeMethods.duckdb_array_type_array_size(type)}]"),
            NativeType.Map => $"MAP({Child(NativeMethods.duckdb_map_type_key_type(type))}, {Child(NativeMethods.duckdb_map_type_value_type(type))})",
            NativeType.Struct => $"STRUCT({Members(NestedType.StructNames(type), NestedType.StructTypes(type, Child))})",
            NativeType.Union => $"UNION({Members(NestedType.UnionNames(type), NestedType.UnionTypes(type, Child))})",
            _ => Plain(id),
        };
    }

    private static string Plain(NativeType id) => id switch
    {
        NativeType.TimeTz => "TIME WITH TIME ZONE",
        NativeType.TimestampTz => "TIMESTAMP WITH TIME ZONE",
        NativeType.TimestampTzNs => "TIMESTAMP_NS WITH TIME ZONE",
        NativeType.TimestampS => "TIMESTAMP_S",
        NativeType.TimestampMs => "TIMESTAMP_MS",
        NativeType.TimestampNs => "TIMESTAMP_NS",
        NativeType.TimeNs => "TIME_NS",
        NativeType.SqlNull => "\"NULL\"",
        _ => id.ToString().ToUpperInvariant(),
    };

    private static string Members(string[] names, string[] types) =>
        string.Join(", ", names.Zip(types, (name, type) => $"{DuckDBIdentifier.QuoteWhenNeeded(name)} {type}"));

    private static string Child(LogicalTypeHandle type)
    {
        using (type)
            return Of(type);
    }
}
