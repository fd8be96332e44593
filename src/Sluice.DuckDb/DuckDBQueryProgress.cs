using System.Runtime.InteropServices;

namespace Sluice.DuckDb;

/// <summary>How far a running statement is.</summary>
/// <param name="Percentage">0 to 100, or -1 when DuckDB does not know.</param>
/// <param name="RowsProcessed">Rows done so far.</param>
/// <param name="TotalRowsToProcess">Rows expected, as the planner guesses.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DuckDBQueryProgress(double Percentage, ulong RowsProcessed, ulong TotalRowsToProcess);
