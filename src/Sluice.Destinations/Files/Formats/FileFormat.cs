using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Destinations.Files.Formats;

/// <summary>What the files of a table are.</summary>
[JsonConverter(typeof(EnumWords<FileFormat>))]
internal enum FileFormat
{
    /// <summary>RFC 4180 with a header.</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    Jsonl,

    /// <summary>Parquet with true types.</summary>
    Parquet,
}

/// <summary>How files are compressed.</summary>
[JsonConverter(typeof(EnumWords<Compression>))]
internal enum Compression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>With gzip, which everything reads.</summary>
    Gzip,

    /// <summary>With zstd, which is several times faster and smaller.</summary>
    Zstd,
}

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

/// <summary>Writes the values of an enumeration as small words.</summary>
internal sealed class EnumWords<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower)
    where T : struct, Enum;
