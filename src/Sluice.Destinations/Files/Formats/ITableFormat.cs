using DuckDB.NET.Data;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Files.Formats;

/// <summary>How rows become a file and come back from it, word for word.</summary>
internal interface ITableFormat
{
    /// <summary>What file names end with.</summary>
    string Extension { get; }

    /// <summary>Whether reading a file costs as much for one column as for all: then it is better read once into a table.</summary>
    bool IsReadWhole { get; }

    /// <summary>The condition on a quoted column under which the format can't hold its value, or null.</summary>
    string? CannotHold(string column, ColumnType type);

    /// <summary>COPY of rows into a file.</summary>
    /// <param name="columns">The table's columns.</param>
    /// <param name="from">What follows FROM.</param>
    /// <param name="path">The file.</param>
    string Copy(IReadOnlyList<TypedColumn> columns, string from, string path);

    /// <summary>Gives a SELECT of all rows of files: the columns with their types, and the file's path below the root in <see cref="FileRows.FileColumn"/>.</summary>
    /// <param name="connection">A connection that the SELECT can be run on.</param>
    /// <param name="files">The files.</param>
    /// <param name="columns">The columns that they have, in order.</param>
    /// <param name="scratch">A folder for what has to be written on the way.</param>
    /// <param name="cancel">Stops between rows.</param>
    Task<string> ReadAsync(DuckDBConnection connection, FileRows files, IReadOnlyList<TypedColumn> columns, string scratch, CancellationToken cancel);
}
