namespace Sluice.DuckDb.Native;

/// <summary>duckdb_result_type: what a statement gives back.</summary>
internal enum NativeReturnType
{
    Invalid = 0,
    ChangedRows = 1,
    Nothing = 2,
    QueryResult = 3,
}
