using Sluice.Destinations.Files.Manifests;
using Sluice.Engine;

namespace Sluice.Destinations.Files;

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
