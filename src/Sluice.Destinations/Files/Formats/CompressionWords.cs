namespace Sluice.Destinations.Files.Formats;

/// <summary>Compressions as DuckDB and file names call them.</summary>
internal static class CompressionWords
{
    public static string Of(Compression compression) => compression switch
    {
        Compression.Gzip => "gzip",
        Compression.Zstd => "zstd",
        _ => "none",
    };

    public static string Extend(string extension, Compression compression) => compression switch
    {
        Compression.Gzip => extension + ".gz",
        Compression.Zstd => extension + ".zst",
        _ => extension,
    };
}
