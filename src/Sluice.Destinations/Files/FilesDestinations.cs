using Sluice.Destinations.Files.Local;
using Sluice.Destinations.Files.Objects;
using Sluice.Engine;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Files;

/// <summary>Opens destinations that are files.</summary>
internal static class FilesDestinations
{
    private static readonly string[] S3Options = ["endpoint", "region"];
    private static readonly string[] AzureOptions = ["account", "endpoint"];

    public static IDestination OpenLocal(string uri)
    {
        var (address, settings) = Read(uri, []);
        return new FilesDestination(new LocalStore(address.ToString(), address.Place), settings);
    }

    public static IDestination OpenS3(string uri)
    {
        var (address, settings) = Read(uri, S3Options);
        var (bucket, prefix) = Split(address);
        return new FilesDestination(new ObjectStore(address.ToString(), prefix, new S3Client(bucket, address.Option("endpoint"), address.Option("region"))), settings);
    }

    public static IDestination OpenAzure(string uri)
    {
        var (address, settings) = Read(uri, AzureOptions);
        var (container, prefix) = Split(address);
        var account = AzureAccount.Read(address.Option("account"), address.Option("endpoint"), Environment.GetEnvironmentVariable);
        return new FilesDestination(new ObjectStore(address.ToString(), prefix, new AzureClient(container, account, TimeProvider.System)), settings);
    }

    /// <summary>The place, whichever format is written there.</summary>
    public static string S3Identity(string uri)
    {
        var (address, _) = Read(uri, S3Options);
        return $"s3://{address.Place}@{address.Option("endpoint")}";
    }

    public static string AzureIdentity(string uri)
    {
        var (address, _) = Read(uri, AzureOptions);
        return $"azblob://{address.Place}@{address.Option("account") ?? Environment.GetEnvironmentVariable("AZURE_STORAGE_ACCOUNT")},{address.Option("endpoint")}";
    }

    public static string LocalIdentity(string uri) => Read(uri, []).Address.Place;

    public static Partitioning Partitions { get; } = new(WithPartitions, PartitionColumns);

    private static string WithPartitions(string uri, string partitions)
    {
        var both = $"{uri}{(uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}partition_by={Uri.EscapeDataString(partitions)}";
        return Address(uri).Option("partition_by") is null ? both : throw new SluiceException(
            SluiceErrorKind.Config, "The address has partition_by, and --partition-by is given too.", "Give the columns once.");
    }

    private static IReadOnlyList<string> PartitionColumns(string uri) => [.. Address(uri).Settings().Partitions.Select(partition => partition.Column)];

    private static FilesAddress Address(string uri) =>
        FilesAddress.Parse(uri, uri.StartsWith("s3", StringComparison.OrdinalIgnoreCase) ? S3Options : uri.StartsWith("azblob", StringComparison.OrdinalIgnoreCase) ? AzureOptions : []);

    private static (FilesAddress Address, FileSettings Settings) Read(string uri, string[] options)
    {
        var address = FilesAddress.Parse(uri, options);
        return (address, address.Settings());
    }

    private static (string Bucket, string Prefix) Split(FilesAddress address)
    {
        var parts = address.Place.Split('/', 2);
        return (parts[0], parts.Length == 1 ? "" : parts[1].TrimEnd('/') + "/");
    }
}
