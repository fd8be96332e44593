using System.Data.Common;
using Sluice.Destinations.ClickHouse;
using Sluice.Destinations.DuckDb;
using Sluice.Destinations.Files;
using Sluice.Destinations.Merge;
using Sluice.Destinations.MySql;
using Sluice.Destinations.Postgres;
using Sluice.Destinations.Sqlite;
using Sluice.Destinations.Warehouses;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations;

/// <summary>The destinations by the scheme of their address.</summary>
public static class DestinationRegistry
{
    // A line for each.
    private static readonly IReadOnlyList<DestinationKind> Kinds =
    [
        new(
            ["duckdb"],
            "duckdb:///customerio.duckdb",
            async (uri, cancel) => await DuckDbDestination.OpenAsync(uri, cancel),
            uri => FileAddress.Parse(uri, ".duckdb").Path,
            PathKind.File,
            DatabaseAsync: DuckDbDestination.OpenDatabaseAsync,
            HasModels: true),
        new(
            ["postgresql", "postgres"],
            "postgresql://user@host:5432/database",
            async (uri, cancel) => await PostgresDestination.OpenAsync(uri, cancel),
            uri => PostgresAddress.Parse(uri).Identity,
            Tables: PostgresDialect.Limit,
            DatabaseAsync: (uri, _, _) => Task.FromResult<RelationalDatabase>(new PostgresDatabase(PostgresAddress.Parse(uri))),
            OfRun: PostgresAddress.OfRun,
            HasModels: true),
        new(
            ["mysql", "mariadb"],
            "mysql://user@host:3306/database",
            async (uri, cancel) => await MySqlDestination.OpenAsync(uri, cancel),
            uri => MySqlAddress.Parse(uri).Identity,
            Tables: MySqlNames.TableLimit,
            QueryAsync: MySqlDestination.QueryAsync),
        new(
            ["sqlite"],
            "sqlite:///customerio.db",
            async (uri, cancel) => await SqliteDestination.OpenAsync(uri, cancel),
            uri => FileAddress.Parse(uri, ".db").Path,
            PathKind.File,
            DatabaseAsync: (uri, _, _) => Task.FromResult<RelationalDatabase>(new SqliteDatabase(FileAddress.Parse(uri, ".db"))),
            HasModels: true),
        new(
            ["clickhouse"],
            "clickhouse://user@host:8123/database",
            async (uri, cancel) => await ClickHouseDestination.OpenAsync(uri, cancel),
            uri => ClickHouseAddress.Parse(uri).Identity,
            Tables: ClickHouseSchema.Limit,
            QueryAsync: ClickHouseDestination.QueryAsync,
            HasModels: true),
        new(
            ["parquet", "csv", "jsonl"],
            "parquet:///folder",
            (uri, _) => Task.FromResult(FilesDestination.Open(uri)),
            FilesDestination.Identity,
            PathKind.Folder,
            FilesDestination.Partitions,
            PathNames.Limit),
        new(
            ["s3"],
            "s3://bucket/prefix?format=parquet",
            (uri, _) => Task.FromResult(FilesDestination.Open(uri)),
            FilesDestination.Identity,
            Partitions: FilesDestination.Partitions,
            Tables: PathNames.Limit),
        new(
            ["azblob"],
            "azblob://container/prefix?format=parquet",
            (uri, _) => Task.FromResult(FilesDestination.Open(uri)),
            FilesDestination.Identity,
            Partitions: FilesDestination.Partitions,
            Tables: PathNames.Limit),
    ];

    /// <summary>The schemes that are understood.</summary>
    public static IReadOnlyList<string> Schemes { get; } = [.. Kinds.SelectMany(kind => kind.Schemes)];

    /// <summary>An address of each kind, to learn from.</summary>
    public static IReadOnlyList<string> Examples { get; } = [.. Kinds.Select(kind => kind.Example)];

    /// <summary>Opens the destination that an address names.</summary>
    /// <exception cref="SluiceException">The address is wrong (Config) or the destination can't be opened (Destination).</exception>
    public static Task<IDestination> OpenAsync(string uri, CancellationToken cancel) => KindOf(uri).OpenAsync(uri, cancel);

    /// <summary>The address as a run uses it: where a database names its connections, they are named after the run.</summary>
    public static string OfRun(string uri, string runId) => KindOf(uri).OfRun?.Invoke(uri, runId) ?? uri;

    /// <summary>Asks a database with SQL, changes nothing in it, and hands out the rows as they come.</summary>
    /// <param name="uri">The database's address.</param>
    /// <param name="sql">One statement that gives rows.</param>
    /// <param name="read">Reads the rows.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="SluiceException">The address names no database, the statement is refused for what is written in it (Config), or it fails
    /// (Destination).</exception>
    public static async Task QueryAsync(string uri, string sql, Func<DbDataReader, Task> read, CancellationToken cancel)
    {
        QueryText.RequireReading(sql);
        if (KindOf(uri).DatabaseAsync is { } open)
        {
            await using var database = await open(uri, false, cancel);
            await database.QueryAsync(sql, read, cancel);
            return;
        }

        await (KindOf(uri).QueryAsync is { } query
            ? query(uri, sql, read, cancel)
            : throw new SluiceException(
                SluiceErrorKind.Config,
                $"{SchemeOf(uri)}:// is no database that can be asked with SQL.",
                $"Use one of: {Addresses(Kinds.Where(one => one.CanBeAsked))}; files can be imported as they are."));
    }

    /// <summary>Opens a table of a database, of its user's own making.</summary>
    /// <param name="uri">The database's address.</param>
    /// <param name="table">The table, with its schema or without.</param>
    /// <param name="isToWrite">Whether its rows are to be changed.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="SluiceException">There is no such database or table (Config), or it can't be opened (Destination).</exception>
    public static async Task<IEditableTable> OpenTableAsync(string uri, string table, bool isToWrite, CancellationToken cancel)
    {
        RequireTables(uri);
        return await EditableTable.OpenAsync(await KindOf(uri).DatabaseAsync!(uri, isToWrite, cancel), table, isToWrite, cancel);
    }

    /// <summary>Sees that the rows of a database's tables can be changed one by one, in a transaction.</summary>
    /// <exception cref="SluiceException">They can't (Config).</exception>
    public static void RequireTables(string uri)
    {
        if (KindOf(uri).DatabaseAsync is null)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{SchemeOf(uri)}:// has no transaction in which rows of a table are changed one by one.",
                $"Use one of: {Addresses(Kinds.Where(one => one.DatabaseAsync is not null))}.");
        }
    }

    /// <summary>Whether models can be made in the destination of an address; true where the address is wrong, which is told elsewhere.</summary>
    public static bool HasModels(string uri) => Find(uri) is not { HasModels: false };

    /// <summary>Whether an address is that of a database rather than of files; true where the address is wrong, which is told elsewhere.</summary>
    public static bool IsDatabase(string uri) => Find(uri) is not { CanBeAsked: false };

    /// <summary>The destinations that models can be made in, for messages.</summary>
    public static string WithModels => Addresses(Kinds.Where(one => one.HasModels));

    /// <summary>What makes an address the same destination, whatever it is called by; no password is in it.</summary>
    public static string Identity(string uri) => KindOf(uri).Identity(uri);

    /// <summary>The path of the file that the destination is; null when it is not one file.</summary>
    public static string? FileOf(string uri) => KindOf(uri) is { Path: PathKind.File } kind ? kind.Identity(uri) : null;

    /// <summary>The path of the folder that the destination is; null when it is not one.</summary>
    public static string? FolderOf(string uri) => KindOf(uri) is { Path: PathKind.Folder } kind ? kind.Identity(uri) : null;

    /// <summary>What a file or folder is, and the schemes of addresses that can name it; null when that can't be told.</summary>
    public static (string What, IReadOnlyList<string> Schemes)? KindsAt(string path) => ContentKind.Of(path);

    /// <summary>Adds to an address the columns by which rows are put into folders, as <c>created_at:month,updated_at</c>.</summary>
    /// <exception cref="SluiceException">The destination has no partitions, or the address says other columns already (Config).</exception>
    public static string WithPartitions(string uri, string partitions) =>
        KindOf(uri).Partitions is { } kind
            ? kind.Add(uri, partitions)
            : throw new SluiceException(
                SluiceErrorKind.Config,
                "Only files can be partitioned.",
                $"Use --partition-by with one of: {Addresses(Kinds.Where(one => one.Partitions is not null))}.");

    /// <summary>The columns by which an address puts rows into folders; empty for destinations without partitions.</summary>
    public static IReadOnlyList<string> PartitionColumns(string uri) => KindOf(uri).Partitions?.Columns(uri) ?? [];

    /// <summary>How long the names of tables may be in the destination of an address; of any length where the address is wrong.</summary>
    public static NameLimit TableNames(string uri) => Find(uri)?.Tables ?? NameLimit.None;

    private static string Addresses(IEnumerable<DestinationKind> kinds) =>
        string.Join(", ", kinds.SelectMany(one => one.Schemes).Select(scheme => scheme + "://"));

    private static DestinationKind KindOf(string uri) => Find(uri) ?? throw Unknown(uri);

    private static DestinationKind? Find(string uri) =>
        Kinds.FirstOrDefault(kind => kind.Schemes.Contains(SchemeOf(uri), StringComparer.Ordinal));

    private static string SchemeOf(string uri) =>
        uri.IndexOf("://", StringComparison.Ordinal) is var end and > 0 ? uri[..end].ToLowerInvariant() : "";

    private static SluiceException Unknown(string uri) => WarehouseDialects.WayTo(SchemeOf(uri), Schemes) ?? new SluiceException(
        SluiceErrorKind.Config,
        SchemeOf(uri).Length == 0
            ? "The destination is no address: it has no scheme."
            : $"There is no destination for {SchemeOf(uri)}://.",
        $"Use one of: {string.Join(", ", Schemes.Select(scheme => scheme + "://"))}; for example --dest-uri duckdb:///customerio.duckdb");
}
