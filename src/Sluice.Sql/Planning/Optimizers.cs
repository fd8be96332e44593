using Sluice.Engine.DuckDb;

namespace Sluice.Sql.Planning;

/// <summary>
/// Which of DuckDB's optimisers are off. To plan, those that would hide what a query needs; to compute the answer, those that would make it wrong.
/// </summary>
internal static class Optimizers
{
    /// <summary>With these a plan over empty tables keeps its tables, and conditions stay readable.</summary>
    public const string Readable =
        "statistics_propagation,late_materialization,compressed_materialization,empty_result_pullup,row_group_pruner,in_clause,regex_range,"
        + $"top_n_window_elimination,window_self_join,join_elimination,common_subplan,{Evaluating}";

    /// <summary>Some plans can't be written out but without these: then all columns count as used.</summary>
    public const string Careful = Readable
        + ",build_side_probe_side,join_order,common_subexpressions,common_aggregate,column_lifetime,sampling_pushdown,reorder_filter,"
        + "duplicate_groups,sum_rewriter,unused_columns";

    /// <summary>What is off for every answer.</summary>
    public const string Evaluating = DuckDbSettings.WrongOptimizers;

    /// <summary>Without it a constant stays the cast that was written, which most conditions of <see cref="SkipsNulls"/> do not survive.</summary>
    public const string Unfolded = "expression_rewriter";

    /// <summary>Without these no condition reaches a scan. A subquery for each row then takes time by the square of the rows.</summary>
    public const string Unpushed = "filter_pushdown,cte_filter_pusher";

    private const string Skipping = "\"comparison_type\":\"COMPARE_DISTINCT_FROM\"";

    /// <summary>
    /// Whether DuckDB 1.5.6 would compute the plan wrongly, as it is written out, or has written none. A scan leaves out 122,880 rows at once when
    /// their column is NULL in all of them if it is to look for (x IS DISTINCT FROM 'a' OR x = 'b'), which holds for each of them; alone or beside
    /// conditions on other columns IS DISTINCT FROM is not given to scans.
    /// </summary>
    public static bool SkipsNulls(string plan) =>
        plan.Contains(Skipping, StringComparison.Ordinal) || !plan.Contains("\"plans\":[", StringComparison.Ordinal);
}
