using Sluice.Engine.Catalog;

namespace Sluice.Engine.Load;

/// <summary>
/// The table with the versions that rows of another one have had: a row for each state, from when and until when it was the last one known. Data
/// engineers call it a slowly changing dimension of type 2.
/// </summary>
public static class HistoryTable
{
    /// <summary>When the state was loaded.</summary>
    public const string ValidFrom = "valid_from";

    /// <summary>When another state was, or the row was no longer there; NULL for the state that the table has now.</summary>
    public const string ValidTo = "valid_to";

    private const string Ending = "_history";

    /// <summary>The name that belongs to a table.</summary>
    public static string NameOf(string table, NameLimit limit) => limit.Short("", table, Ending);

    /// <summary>Fails when one of the table's own columns has a name that the history needs.</summary>
    /// <exception cref="SluiceException">One has (kind Config).</exception>
    public static void RequireFreeNames(LoadTarget target, IEnumerable<string> columns)
    {
        if (columns.FirstOrDefault(IsOfHistory) is { } taken)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{target.Schema}.{target.Table} has a column {taken}, as its history does: it can't have one.",
                $"Give the column another name with --rename {taken}=..., or take --history away.");
        }
    }

    /// <summary>Fails when something else has the name of the history.</summary>
    /// <exception cref="SluiceException">Something has (kind Destination).</exception>
    public static void RequireOurs(string place, IEnumerable<string> columns)
    {
        if (columns.Count(IsOfHistory) < 2)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{place} is there and holds no versions of rows: it has no {ValidFrom} and {ValidTo}. Nothing was changed.",
                "Rename that table, or load into another schema or under another name.");
        }
    }

    /// <summary>Whether a column is one of the two that only the history has.</summary>
    public static bool IsOfHistory(string column) =>
        column.Equals(ValidFrom, StringComparison.OrdinalIgnoreCase) || column.Equals(ValidTo, StringComparison.OrdinalIgnoreCase);
}
