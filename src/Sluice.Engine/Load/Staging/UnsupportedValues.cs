using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Load.Staging;

/// <summary>Values of staged rows that the destination can't hold: they become rejects, and NULL in their rows.</summary>
/// <param name="connection">Where the rows are staged.</param>
/// <param name="sql">The statements of their table.</param>
internal sealed class UnsupportedValues(DuckDBConnection connection, StagingSql sql)
{
    /// <summary>Takes them away, and tells how many there were.</summary>
    /// <param name="unsupportedWhen">The condition on a column under which the destination can't hold its value, or null.</param>
    /// <param name="types">The columns with DuckDB's types.</param>
    /// <param name="areLong">Whether the rows are so long that DuckDB could not hold all their columns at a time.</param>
    /// <param name="cancel">Stops between statements.</param>
    public async Task<long> RejectAsync(
        Func<string, ColumnType, string?> unsupportedWhen, IReadOnlyDictionary<string, string> types, bool areLong, CancellationToken cancel)
    {
        var columns = types
            .Select(column => (Name: column.Key, Type: SqlType.Parse(column.Value)))
            .Select(column => (column.Name, column.Type, When: unsupportedWhen(StagingTables.Quote(column.Name), column.Type)!))
            .Where(column => column.When is not null).ToList();

        // Nearly always one look at all columns finds nothing.
        var look = areLong || columns.Count == 0 ? null : sql.CountUnsupported(columns.Select(column => column.When));
        if (look is not null && await connection.ScalarAsync(look, cancel) == 0)
        {
            return 0;
        }

        var rejected = 0L;
        foreach (var (name, type, when) in columns)
        {
            var found = await connection.RunAsync(sql.RejectUnsupported(name, type, when), cancel, [.. sql.Marks, ("column", name)]);
            rejected += found == 0 ? 0 : await connection.RunAsync(sql.ClearUnsupported(name, when), cancel);
        }

        return rejected;
    }
}
