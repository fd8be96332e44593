using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

/// <summary>The parts of types that have parts.</summary>
internal static class NestedType
{
    internal static string[] EnumLabels(LogicalTypeHandle type) =>
        Each(NativeMethods.duckdb_enum_dictionary_size(type), i => NativeText.Owned(NativeMethods.duckdb_enum_dictionary_value(type, i)) ?? "");

    internal static string[] StructNames(LogicalTypeHandle type) =>
        Each(NativeMethods.duckdb_struct_type_child_count(type), i => NativeText.Owned(NativeMethods.duckdb_struct_type_child_name(type, i)) ?? "");

    internal static T[] StructTypes<T>(LogicalTypeHandle type, Func<LogicalTypeHandle, T> child) =>
        Each(NativeMethods.duckdb_struct_type_child_count(type), i => child(NativeMethods.duckdb_struct_type_child_type(type, i)));

    internal static string[] UnionNames(LogicalTypeHandle type) =>
        Each(NativeMethods.duckdb_union_type_member_count(type), i => NativeText.Owned(NativeMethods.duckdb_union_type_member_name(type, i)) ?? "");

    internal static T[] UnionTypes<T>(LogicalTypeHandle type, Func<LogicalTypeHandle, T> child) =>
        Each(NativeMethods.duckdb_union_type_member_count(type), i => child(NativeMethods.duckdb_union_type_member_type(type, i)));

    private static T[] Each<T>(ulong count, Func<ulong, T> part)
    {
        var parts = new T[count];
        for (var i = 0UL; i < count; i++)
            parts[i] = part(i);
        return parts;
    }
}
