using Sluice.Engine.Catalog;

namespace Sluice.Engine.Runs;

/// <summary>The column that tells which workspace a row is of, where a run reads several.</summary>
public static class WorkspaceColumn
{
    /// <summary>The column's name.</summary>
    public const string Name = "workspace";

    // Records do not say it themselves: it is written in front of each of them on its way.
    internal const string Source = Column.InjectedPrefix + Name;

    private static readonly Column Column = new(Name, ColumnType.Text, "The workspace that the row is of, by its name in the pipeline.")
    {
        Source = Source,
    };

    /// <summary>Gives a table of one workspace the column.</summary>
    public static TableJob AddTo(TableJob job) => job with
    {
        Resource = job.Resource with { Columns = [Column, .. job.Resource.Columns.Where(column => column.Name != Name)] },
        Only = job.Only.Count == 0 ? job.Only : job.Only.Append(Name).ToHashSet(StringComparer.Ordinal),
    };

    /// <summary>Makes a table one of all its workspaces together: rows with the same key are the same only in the same workspace.</summary>
    public static TableJob Combine(TableJob job) => AddTo(job) with
    {
        IsCombined = true,
        PrimaryKey = job.PrimaryKey.Count == 0 ? [] : [Name, .. job.PrimaryKey.Where(column => column != Name)],
    };
}
