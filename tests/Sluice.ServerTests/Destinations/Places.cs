using Sluice.ServerTests.Destinations.Files;
using Xunit;

namespace Sluice.ServerTests.Destinations;

/// <summary>An empty place of each kind of destination, for the tests that are run on all of them.</summary>
internal static class Places
{
    public const string UnguardedCsv = "csv, not guarded";
    public const string PartitionedJsonl = "jsonl, partitioned";
    public const string PartitionedParquet = "parquet, partitioned";

    // Other ways to write the same files.
    private static readonly Dictionary<string, Func<ValueTask<DestinationPlace>>> Layouts = new(StringComparer.Ordinal)
    {
        [UnguardedCsv] = () => ValueTask.FromResult<DestinationPlace>(
            new FilePlace("csv", "out [1]* 50%25", "?formula_guard=false&compression=zstd&file_rows=150&partition_by=at:month")),
        [PartitionedJsonl] = () => ValueTask.FromResult<DestinationPlace>(
            new FilePlace("jsonl", "out", "?compression=gzip&file_rows=100&partition_by=at:year,_sluice_loaded_at")),
        [PartitionedParquet] = () => ValueTask.FromResult<DestinationPlace>(
            new FilePlace("parquet", "out", "?file_rows=70&partition_by=at&row_group_rows=2048")),
    };

    private static readonly Dictionary<string, Func<ValueTask<DestinationPlace>>> Kinds = new(StringComparer.Ordinal)
    {
        ["duckdb"] = () => ValueTask.FromResult<DestinationPlace>(new FilePlace("duckdb", "out.duckdb")),
        ["postgresql"] = PostgresPlace.NewAsync,
        ["mysql"] = MySql.MySqlPlace.NewAsync,
        ["clickhouse"] = ClickHouse.ClickHouseTestPlace.NewAsync<Servers.ChdbServer>,
        ["sqlite"] = () => ValueTask.FromResult<DestinationPlace>(new FilePlace("sqlite", "out.db")),
        ["csv"] = () => ValueTask.FromResult<DestinationPlace>(new FilePlace("csv", "out")),
        ["jsonl"] = () => ValueTask.FromResult<DestinationPlace>(new FilePlace("jsonl", "out")),
        ["parquet"] = () => ValueTask.FromResult<DestinationPlace>(new FilePlace("parquet", "out")),
        ["s3"] = () => S3Place.NewAsync("&format=parquet"),
        ["azblob"] = () => AzurePlace.NewAsync("&format=csv&compression=zstd"),
    };

    public static TheoryData<string> All => [.. Kinds.Keys];

    /// <summary>Makes an empty place, or skips the test naming what is missing.</summary>
    public static ValueTask<DestinationPlace> NewAsync(string kind) => (Layouts.GetValueOrDefault(kind) ?? Kinds[kind])();
}
