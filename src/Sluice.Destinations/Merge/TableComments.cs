using System.Data.Common;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Merge;

/// <summary>Gives a table and its columns the comments that they lack; one that is there, whoever wrote it, stays.</summary>
internal static class TableComments
{
    /// <summary>Adds what is missing.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="target">The load, which says what there is to tell.</param>
    /// <param name="table">The table that is commented: the load's, or one that takes its place.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task AddAsync(DbSession session, LoadTarget target, string table, CancellationToken cancel)
    {
        if (
            target.Docs == TableDocs.None
            || await session.Dialect.CommentsAsync(session, target.Schema, table, cancel) is not { Columns.Count: > 0 } there)
        {
            return;
        }

        var missing = Missing(target.Docs, there);
        if (missing.Table.Length > 0 || missing.Columns.Count > 0)
        {
            await session.Dialect.CommentAsync(session, target.Schema, table, missing, cancel);
        }
    }

    /// <summary>What is to be told of a table and its columns that have no comment.</summary>
    /// <param name="docs">What there is to tell.</param>
    /// <param name="there">The comments that the table has; empty for columns that have none.</param>
    public static TableDocs Missing(TableDocs docs, TableDocs there) => new(
        there.Table.Length == 0 ? docs.Table : "",
        there.Columns
            .Where(column => column.Value.Length == 0 && docs.Columns.ContainsKey(column.Key))
            .ToDictionary(column => column.Key, column => docs.Columns[column.Key], StringComparer.Ordinal));

    /// <summary>The comments of a table that takes another one's place: those that are there, and what the others lack.</summary>
    public static TableDocs Both(TableDocs there, TableDocs docs)
    {
        var columns = new Dictionary<string, string>(docs.Columns, StringComparer.OrdinalIgnoreCase);
        foreach (var (column, comment) in there.Columns.Where(column => column.Value.Length > 0))
        {
            columns[column] = comment;
        }

        return new TableDocs(there.Table.Length == 0 ? docs.Table : there.Table, columns);
    }

    /// <summary>A comment with the column that has it; null for the table's own.</summary>
    public static (string? Column, string Comment) Row(DbDataReader row) => (row.IsDBNull(0) ? null : row.GetString(0), row.GetString(1));

    /// <summary>The comments of a table, as they were read.</summary>
    public static TableDocs Of(IReadOnlyList<(string? Column, string Comment)> rows) => new(
        string.Concat(rows.Where(row => row.Column is null).Select(row => row.Comment)),
        rows.Where(row => row.Column is not null).ToDictionary(row => row.Column!, row => row.Comment, StringComparer.Ordinal));
}
