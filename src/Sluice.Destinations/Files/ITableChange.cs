using Sluice.Destinations.Files.Manifests;
using Sluice.Engine;

namespace Sluice.Destinations.Files;

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
