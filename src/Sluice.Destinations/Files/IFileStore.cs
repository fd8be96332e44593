using Sluice.Destinations.Files.Manifest;
using Sluice.Engine;

namespace Sluice.Destinations.Files;

/// <summary>A place for tables as folders of files.</summary>
internal interface IFileStore : IAsyncDisposable
{
    /// <summary>The address as it may be shown.</summary>
    string Name { get; }

    /// <summary>Tells whether files could be written, without leaving any.</summary>
    /// <exception cref="SluiceException">They could not (kind Destination).</exception>
    Task<string> CheckAsync(CancellationToken cancel);

    /// <summary>Gives the folder of a table, whether it is there or not.</summary>
    ITableFolder Table(string schema, string table);

    /// <summary>The folders of a schema's tables.</summary>
    Task<IReadOnlyList<ITableFolder>> TablesAsync(string schema, CancellationToken cancel);

    /// <summary>The names of the documents in a folder of a schema, in their order.</summary>
    Task<IReadOnlyList<string>> DocumentsAsync(string schema, string folder, CancellationToken cancel);

    /// <summary>Reads a document; null when there is none.</summary>
    Task<byte[]?> ReadAsync(string schema, string folder, string name, CancellationToken cancel);

    /// <summary>Writes a document in one step.</summary>
    Task WriteAsync(string schema, string folder, string name, byte[] document, CancellationToken cancel);
}

/// <summary>The folder of one table, in the file system or in an object store.</summary>
internal interface ITableFolder
{
    /// <summary>The folder as it may be shown.</summary>
    string Name { get; }

    /// <summary>Reads what the table is now; null when there is none.</summary>
    Task<TableManifest?> ReadAsync(CancellationToken cancel);

    /// <summary>Begins a change of the table.</summary>
    /// <param name="scratch">A folder for new files, if they can't be made where they belong.</param>
    /// <param name="cancel">Stops waiting for another writer.</param>
    /// <exception cref="SluiceException">Another writer did not end in time (kind Destination, transient).</exception>
    Task<ITableChange> ChangeAsync(string scratch, CancellationToken cancel);

    /// <summary>Gives a folder in which files stand by their paths; copies them below <paramref name="scratch"/> if they are far away.</summary>
    Task<string> FetchAsync(IReadOnlyList<string> paths, string scratch, CancellationToken cancel);
}

/// <summary>A change of one table: what is not committed leaves nothing visible.</summary>
internal interface ITableChange : IAsyncDisposable
{
    /// <summary>What the table is before the change; null when there is none.</summary>
    TableManifest? Before { get; }

    /// <summary>The folder for new files, which begins empty; nobody sees it.</summary>
    string NewFiles { get; }

    /// <summary>Makes the table what the manifest says, in one step: its files are those of the table before and new ones.</summary>
    /// <exception cref="SluiceException">It could not be done, and the table is as it was (kind Destination).</exception>
    Task CommitAsync(TableManifest after, CancellationToken cancel);
}
