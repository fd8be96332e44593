using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.Files.Formats;

/// <summary>How rows become a file and come back from it, word for word.</summary>
internal interface ITableFormat
{
    /// <summary>What file names end with.</summary>
    string Extension { get; }

    /// <summary>Whether reading a file costs as much for one column as for all: then it is better read once into a table.</summary>
    bool IsReadWhole { get; }

    /// <summary>How often DuckDB has a record in memory while it writes it.</summary>
    int CopiesOfRecord => 6;

    /// <summary>Whether rows are gathered before they are written.</summary>
    bool GathersRows => false;

    /// <summary>The condition on a quoted column under which the format can't hold its value, or null.</summary>
    string? CannotHold(string column, ColumnType type);

    /// <summary>COPY of rows into a file.</summary>
    /// <param name="columns">The table's columns.</param>
    /// <param name="from">What follows FROM.</param>
    /// <param name="path">The file.</param>
    /// <param name="rowBytes">How long a row is on average, or 0.</param>
    string Copy(IReadOnlyList<TypedColumn> columns, string from, string path, long rowBytes);

    /// <summary>
    /// Gives a SELECT of all rows of files: the columns with their types, and the file's path below the root in <see cref="FileRows.FileColumn"/>.
    /// </summary>
    /// <param name="connection">A connection that the SELECT can be run on.</param>
    /// <param name="files">The files.</param>
    /// <param name="columns">The columns that they have, in order.</param>
    /// <param name="scratch">A folder for what has to be written on the way.</param>
    /// <param name="cancel">Stops between rows.</param>
    Task<string> ReadAsync(DuckDBConnection connection, FileRows files, IReadOnlyList<TypedColumn> columns, string scratch, CancellationToken cancel);
}

/// <summary>Files to be read.</summary>
/// <param name="Root">The folder that they stand in.</param>
/// <param name="Paths">Their paths below it, with slashes.</param>
/// <param name="WidestRow">A length in bytes that no row's text goes beyond.</param>
internal sealed record FileRows(string Root, IReadOnlyList<string> Paths, long WidestRow)
{
    /// <summary>The column that tells of each row which file it is from.</summary>
    public const string FileColumn = "_sluice_file";

    /// <summary>The files as a list for DuckDB.</summary>
    public string List => $"[{string.Join(", ", Paths.Select(path => ConnectionExtensions.QuotePath(Path.Combine(Root, path))))}]";

    /// <summary>The path below the root out of what DuckDB says of a row's file.</summary>
    public string PathOf(string column) =>
        $"replace(substr({column}, {Path.TrimEndingDirectorySeparator(Root).EnumerateRunes().Count() + 2}), '\\', '/') AS {FileColumn}";
}
