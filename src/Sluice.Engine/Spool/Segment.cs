using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine.Extract.Exports;

namespace Sluice.Engine.Spool;

/// <summary>A file of newline-delimited records and what is known of them: the unit that is loaded as one package.</summary>
internal sealed class Segment(int number, string path, string packageId)
{
    public int Number { get; } = number;

    public string Path { get; } = path;

    /// <summary>Names the segment for ever and everywhere: a destination that has seen it does not load it again.</summary>
    public string PackageId { get; } = packageId;

    /// <summary>Bytes that count; the file may hold more after a kill.</summary>
    public long Length { get; set; }

    public long Rows { get; set; }

    public int LargestRecord { get; set; }

    /// <summary>How the file is to be understood as CSV; null when it holds lines of JSON.</summary>
    public CsvForm? Csv { get; init; }

    /// <summary>Whether the file was removed because the destination has the rows for good.</summary>
    public bool IsGone { get; set; }

    public FieldProfile Fields { get; } = new();

    public static string PathIn(string folder, int number, bool isCsv = false) =>
        System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"segment-{number:D5}.{(isCsv ? "csv" : "ndjson")}"));
}
