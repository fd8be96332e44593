using System.Data.Common;

namespace Sluice.Engine.Load;

/// <summary>A place that rows can be brought to. What it promises is written down as the compliance suite that all destinations pass.</summary>
public interface IDestination : IAsyncDisposable
{
    /// <summary>The destination's address as it may be shown: without passwords.</summary>
    string Name { get; }

    /// <summary>Tells whether rows could be written now, without writing any; throws a <see cref="SluiceException"/> that says why not.</summary>
    Task<string> CheckAsync(CancellationToken cancel);

    /// <summary>Opens what writes one table, with the system tables of its schema in place.</summary>
    Task<ITargetWriter> OpenWriterAsync(LoadTarget target, CancellationToken cancel);

    /// <summary>What is kept beside the tables of a schema.</summary>
    ISystemTables SystemTables(string schema);

    /// <summary>
    /// Reads all rows of a table, those marked as deleted too, with the names of the destination; null when there is no such table.
    /// </summary>
    /// <param name="schema">The table's schema.</param>
    /// <param name="table">The table.</param>
    /// <param name="orderBy">The columns by which rows come in ascending order: NULL first, text by its bytes in UTF-8.</param>
    /// <param name="cancel">Stops the reading.</param>
    Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel);
}
