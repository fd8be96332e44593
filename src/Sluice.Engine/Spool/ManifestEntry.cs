using System.Text.Json.Serialization;

namespace Sluice.Engine.Spool;

/// <summary>One line of a manifest: a fact about the feed that is on disk for good.</summary>
internal sealed record ManifestEntry
{
    public const string Feed = "feed";
    public const string Page = "page";
    public const string Split = "split";
    public const string Skip = "skip";
    public const string Gone = "gone";
    public const string Done = "done";
    public const string Expect = "expect";
    public const string Note = "note";

    [JsonPropertyName("k")]
    public required string Kind { get; init; }

    /// <summary>The walk (all pages, one window, one parent, one batch) the fact belongs to.</summary>
    [JsonPropertyName("walk")]
    public string? Walk { get; init; }

    [JsonPropertyName("seg")]
    public int Segment { get; init; }

    [JsonPropertyName("off")]
    public long Offset { get; init; }

    [JsonPropertyName("len")]
    public int Length { get; init; }

    [JsonPropertyName("rows")]
    public int Rows { get; init; }

    /// <summary>Bytes of the largest record on the page: DuckDB's reader wants to know before it reads.</summary>
    [JsonPropertyName("max")]
    public int LargestRecord { get; init; }

    /// <summary>The cursor to ask with next; absent on the last page of a walk.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; init; }

    [JsonPropertyName("last")]
    public bool Last { get; init; }

    /// <summary>Top-level fields and their JSON kinds, only where the segment did not know them yet.</summary>
    [JsonPropertyName("fields")]
    public Dictionary<string, int>? Fields { get; init; }

    /// <summary>Whether a record of the page had the same key twice.</summary>
    [JsonPropertyName("repeats")]
    public bool HasRepeatedNames { get; init; }

    /// <summary>Records that Customer.io says the walk has.</summary>
    [JsonPropertyName("expected")]
    public long? Expected { get; init; }

    /// <summary>How the segment's CSV is to be understood; absent when its records are lines of JSON.</summary>
    [JsonPropertyName("csv")]
    public CsvForm? Csv { get; init; }

    /// <summary>What a note is called; the last one of a name counts.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("value")]
    public string? Value { get; init; }

    [JsonPropertyName("into")]
    public IReadOnlyList<string>? Into { get; init; }

    [JsonPropertyName("why")]
    public string? Reason { get; init; }

    [JsonPropertyName("id")]
    public string? SpoolId { get; init; }

    [JsonPropertyName("fingerprint")]
    public string? Fingerprint { get; init; }

    /// <summary>Where the feed's records begin in time, in unix seconds; absent for all of time.</summary>
    [JsonPropertyName("from")]
    public long? From { get; init; }

    /// <summary>When the feed was begun by Customer.io's clock, in unix seconds: windows of a resumed feed end here too.</summary>
    [JsonPropertyName("began")]
    public long Began { get; init; }
}
