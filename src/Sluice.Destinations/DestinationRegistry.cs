using Sluice.Destinations.ClickHouse;
using Sluice.Destinations.DuckDb;
using Sluice.Destinations.Files;
using Sluice.Destinations.Postgres;
using Sluice.Destinations.Sqlite;
using Sluice.Engine;
using Sluice.Engine.Load;

namespace Sluice.Destinations;

/// <summary>The destinations by the scheme of their address.</summary>
public static class DestinationRegistry
{
    // A line for each.
    private static readonly IReadOnlyList<DestinationKind> Kinds =
    [
        new(["duckdb"], "duckdb:///customerio.duckdb", async (uri, cancel) => await DuckDbDestination.OpenAsync(uri, cancel), uri => FileAddress.Parse(uri, ".duckdb").Path, IsFile: true),
        new(["postgresql", "postgres"], "postgresql://user@host:5432/database", async (uri, cancel) => await PostgresDestination.OpenAsync(uri, cancel), uri => PostgresAddress.Parse(uri).Identity),
        new(["sqlite"], "sqlite:///customerio.db", async (uri, cancel) => await SqliteDestination.OpenAsync(uri, cancel), uri => FileAddress.Parse(uri, ".db").Path, IsFile: true),
        new(["clickhouse"], "clickhouse://user@host:8123/database", async (uri, cancel) => await ClickHouseDestination.OpenAsync(uri, cancel), uri => ClickHouseAddress.Parse(uri).Identity),
        new(["parquet", "csv", "jsonl"], "parquet:///folder", (uri, _) => Task.FromResult(FilesDestination.Open(uri)), FilesDestination.Identity, IsFolder: true),
        new(["s3"], "s3://bucket/prefix?format=parquet", (uri, _) => Task.FromResult(FilesDestination.Open(uri)), FilesDestination.Identity),
        new(["azblob"], "azblob://container/prefix?format=parquet", (uri, _) => Task.FromResult(FilesDestination.Open(uri)), FilesDestination.Identity),
    ];

    /// <summary>The schemes that are understood.</summary>
    public static IReadOnlyList<string> Schemes { get; } = [.. Kinds.SelectMany(kind => kind.Schemes)];

    /// <summary>An address of each kind, to learn from.</summary>
    public static IReadOnlyList<string> Examples { get; } = [.. Kinds.Select(kind => kind.Example)];

    /// <summary>Opens the destination that an address names.</summary>
    /// <exception cref="SluiceException">The address is wrong (Config) or the destination can't be opened (Destination).</exception>
    public static Task<IDestination> OpenAsync(string uri, CancellationToken cancel) => KindOf(uri).OpenAsync(uri, cancel);

    /// <summary>What makes an address the same destination, whatever it is called by; no password is in it.</summary>
    public static string Identity(string uri) => KindOf(uri).Identity(uri);

    /// <summary>The path of the file that the destination is; null when it is not one file.</summary>
    public static string? FileOf(string uri) => KindOf(uri) is { IsFile: true } kind ? kind.Identity(uri) : null;

    /// <summary>The path of the folder that the destination is; null when it is not one.</summary>
    public static string? FolderOf(string uri) => KindOf(uri) is { IsFolder: true } kind ? kind.Identity(uri) : null;

    /// <summary>Adds to an address of files the columns by which they are put into folders, as <c>created_at:month,updated_at</c>.</summary>
    /// <exception cref="SluiceException">The destination is no files, or the address says other columns already (Config).</exception>
    public static string WithPartitions(string uri, string partitions) => FilesDestination.WithPartitions(uri, partitions);

    /// <summary>The columns by which an address of files puts them into folders; empty for other destinations.</summary>
    public static IReadOnlyList<string> PartitionColumns(string uri) => FilesDestination.PartitionColumns(uri);

    private static DestinationKind KindOf(string uri) => Kinds.FirstOrDefault(kind => kind.Schemes.Contains(SchemeOf(uri), StringComparer.Ordinal)) ?? throw Unknown(uri);

    private static string SchemeOf(string uri) => uri.IndexOf("://", StringComparison.Ordinal) is var end and > 0 ? uri[..end].ToLowerInvariant() : "";

    private static SluiceException Unknown(string uri) => new(
        SluiceErrorKind.Config,
        SchemeOf(uri).Length == 0
            ? "The destination is no address: it has no scheme."
            : $"There is no destination for {SchemeOf(uri)}://.",
        $"Use one of: {string.Join(", ", Schemes.Select(scheme => scheme + "://"))}; for example --dest-uri duckdb:///customerio.duckdb");
}
