using Sluice.Destinations.Merge;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Postgres;

/// <summary>Comments on a table and its columns.</summary>
internal static class PostgresComments
{
    /// <summary>What they say now; null where they can't be written, since only the owner of a table may comment it.</summary>
    public static async Task<TableDocs?> ReadAsync(DbSession session, string table, CancellationToken cancel) =>
        await session.ScalarAsync(PostgresCatalog.Owns, cancel, ("table", table)) == 0
            ? null
            : TableComments.Of(await session.ListAsync(PostgresCatalog.Comments, TableComments.Row, cancel, ("table", table)));

    public static async Task WriteAsync(DbSession session, string table, TableDocs comments, CancellationToken cancel)
    {
        var all = comments.Columns.Append(KeyValuePair.Create("", comments.Table)).Where(comment => comment.Value.Length > 0);
        foreach (var (column, comment) in all)
        {
            // A comment takes no parameter: the server itself writes the statement, with its own quoting.
            var statement = await session.ListAsync(
                PostgresCatalog.Comment, row => row.GetString(0), cancel, ("table", table), ("column", column), ("comment", comment));
            await session.RunAsync(statement[0], cancel);
        }
    }
}
