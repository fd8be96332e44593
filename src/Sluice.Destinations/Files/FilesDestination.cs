using System.Data.Common;
using Sluice.Destinations.Files.Local;
using Sluice.Destinations.Files.ObjectStores;
using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Files;

/// <summary>Tables as folders of files, on this machine or in an object store.</summary>
internal sealed class FilesDestination(IFileStore store, FileSettings settings) : IDestination
{
    private readonly string _scratch = Path.Combine(Path.GetTempPath(), $"sluice-files-{Guid.NewGuid():N}");
    private int _readers;

    public string Name => store.Name;

    /// <summary>Opens the destination that an address of files names.</summary>
    public static IDestination Open(string uri)
    {
        var address = FilesAddress.Parse(uri);
        return new FilesDestination(StoreOf(address), address.Settings);
    }

    /// <summary>The place, whichever format is written there.</summary>
    public static string Identity(string uri)
    {
        var address = FilesAddress.Parse(uri);
        return address.Scheme switch
        {
            "s3" => $"s3://{address.Place}@{address.Option("endpoint")}",
            "azblob" =>
                $"azblob://{address.Place}@{address.Option("account") ?? Environment.GetEnvironmentVariable("AZURE_STORAGE_ACCOUNT")}"
                    + $",{address.Option("endpoint")}",
            _ => address.Place,
        };
    }

    /// <summary>How such an address is given partitions.</summary>
    public static Partitioning Partitions { get; } =
        new(
            (uri, columns) =>
                FilesAddress.Parse(uri).Option(FileOption.PartitionBy) is null
                    ? $"{uri}{(uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{FileOption.PartitionBy}={Uri.EscapeDataString(columns)}"
                    : throw new SluiceException(
                        SluiceErrorKind.Config,
                        "The address has partition_by, and --partition-by is given too.",
                        "Give the columns once."),
            uri => [.. FilesAddress.Parse(uri).Settings.Partitions.Select(partition => partition.Column)]);

    public Task<string> CheckAsync(CancellationToken cancel) => store.CheckAsync(cancel);

    public ISystemTables SystemTables(string schema) => new FilesSystemTables(store, schema, Path.Combine(_scratch, "books"));

    public Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel) =>
        new TableReader(store, settings, Path.Combine(_scratch, $"reader-{Interlocked.Increment(ref _readers)}")).OpenAsync(
            schema, table, orderBy, cancel);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        if (Directory.Exists(_scratch))
        {
            Directory.Delete(_scratch, recursive: true);
        }
    }

    // Two manifests can't be replaced in one step: a history of files could be of another moment than its table.
    public Task<ITargetWriter> OpenWriterAsync(LoadTarget target, CancellationToken cancel)
    {
        ColumnIndexes.RequireNone(target);
        return target.KeepsVersions
            ? throw RowHistory.Refused(target, "files of two tables can't become visible in one step")
            : Task.FromResult<ITargetWriter>(new FilesWriter(store.Table(target.Schema, target.Table), target, settings));
    }

    private static IFileStore StoreOf(FilesAddress address)
    {
        if (address.Scheme is not ("s3" or "azblob"))
        {
            return new LocalStore(address.ToString(), address.Place);
        }

        var parts = address.Place.Split('/', 2);
        IObjectClient client = address.Scheme == "s3"
            ? new S3Client(parts[0], address.Option("endpoint"), address.Option("region"))
            : new AzureClient(parts[0], AzureAccount.Read(address.Option("account"), address.Option("endpoint"), Environment.GetEnvironmentVariable));
        return new ObjectStore(address.ToString(), parts.Length == 1 ? "" : parts[1].TrimEnd('/') + "/", client);
    }
}
