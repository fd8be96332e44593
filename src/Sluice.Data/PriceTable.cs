using System.Data;
using System.Globalization;
using Sluice.Sql;

namespace Sluice.Data;

/// <summary>What EXPLAIN finds, as rows: one for each table that is read.</summary>
internal static class PriceTable
{
    private static readonly (string Name, Type Type, Func<QueryStep, object?> Of)[] Facts =
    [
        ("table_name", typeof(string), step => step.Table),
        ("how", typeof(string), step => step.How),
        ("pushed_down", typeof(string), step => string.Join(", ", step.Pushed)),
        ("checked_here", typeof(string), step => string.Join(" AND ", step.Checked)),
        ("least_requests", typeof(long), step => step.LeastRequests),
        ("likely_requests", typeof(long), step => step.LikelyRequests),
        ("requests", typeof(long), step => step.Requests),
        ("rows", typeof(long), step => step.Rows),
    ];

    public static DataTable Of(IEnumerable<QueryStep> steps)
    {
        var table = new DataTable("Price") { Locale = CultureInfo.InvariantCulture };
        foreach (var (name, type, _) in Facts)
        {
            table.Columns.Add(name, type);
        }

        foreach (var step in steps)
        {
            table.Rows.Add([.. Facts.Select(fact => fact.Of(step) ?? DBNull.Value)]);
        }

        return table;
    }
}
