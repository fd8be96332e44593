using Sluice.Destinations.DuckDb;
using Sluice.Destinations.Files;
using Sluice.Engine;
using Sluice.Engine.Load;

namespace Sluice.Destinations;

/// <summary>The destinations by the scheme of their address.</summary>
public static class DestinationRegistry
{
    /// <summary>The schemes that are understood.</summary>
    public static IReadOnlyList<string> Schemes { get; } = ["duckdb", "csv", "jsonl", "parquet", "s3", "azblob"];

    /// <summary>Opens the destination that an address names.</summary>
    /// <exception cref="SluiceException">The address is wrong (Config) or the destination can't be opened (Destination).</exception>
    public static async Task<IDestination> OpenAsync(string uri, CancellationToken cancel) => SchemeOf(uri) switch
    {
        "duckdb" => await DuckDbDestination.OpenAsync(uri, cancel),
        "csv" or "jsonl" or "parquet" => FilesDestinations.OpenLocal(uri),
        "s3" => FilesDestinations.OpenS3(uri),
        "azblob" => FilesDestinations.OpenAzure(uri),
        _ => throw Unknown(uri),
    };

    /// <summary>What makes an address the same destination, whatever it is called by; no password is in it.</summary>
    public static string Identity(string uri) => SchemeOf(uri) switch
    {
        "duckdb" => DuckDbAddress.Parse(uri).Path,
        "csv" or "jsonl" or "parquet" => FilesDestinations.LocalIdentity(uri),
        "s3" => FilesDestinations.S3Identity(uri),
        "azblob" => FilesDestinations.AzureIdentity(uri),
        _ => throw Unknown(uri),
    };

    private static string SchemeOf(string uri) => uri.IndexOf("://", StringComparison.Ordinal) is var end and > 0 ? uri[..end].ToLowerInvariant() : "";

    private static SluiceException Unknown(string uri) => new(
        SluiceErrorKind.Config,
        SchemeOf(uri).Length == 0
            ? "The destination is no address: it has no scheme."
            : $"There is no destination for {SchemeOf(uri)}://.",
        $"Use one of: {string.Join(", ", Schemes.Select(scheme => scheme + "://"))}; for example --dest-uri duckdb:///customerio.duckdb");
}
