using System.Text.Json.Serialization;
using Sluice.Destinations.Files.Manifests;

namespace Sluice.Destinations.Files.Formats;

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
