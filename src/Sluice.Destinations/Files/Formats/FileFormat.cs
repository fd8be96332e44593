using System.Text.Json.Serialization;
using Sluice.Destinations.Files.Manifests;

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
