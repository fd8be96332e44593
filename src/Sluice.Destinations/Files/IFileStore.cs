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
