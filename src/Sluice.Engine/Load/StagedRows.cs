namespace Sluice.Engine.Load;

/// <summary>What stands ready to become visible.</summary>
/// <param name="Rows">Rows, each key once.</param>
/// <param name="Doubled">Records that came more than once and count once.</param>
/// <param name="Rejected">Values that did not fit their column and are kept in <c>_sluice_rejects</c>.</param>
/// <param name="LiveRows">Rows that the table has now and that are not marked as deleted.</param>
public sealed record StagedRows(long Rows, long Doubled, long Rejected, long LiveRows);
