using System.Text.Json.Serialization;
using Sluice.Engine.Extract;
using Sluice.Engine.Extract.Exports;

namespace Sluice.Engine.Spool;

/// <summary>One line of a manifest: a fact about the extraction that is on disk for good.</summary>
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

    /// <summary>Tells a partition's state what the entry says.</summary>
    public void ApplyTo(PartitionState state)
    {
        switch (Kind)
        {
            case Skip:
                state.Skip(Reason ?? "");
                break;
            case Split:
                state.Split(Into!);
                break;
            case Expect:
                state.Expect(Expected);
                break;
            case Note:
                state.Note(Name!, Value ?? "");
                break;
        }
    }

    [JsonPropertyName("k")]
    public required string Kind { get; init; }

    /// <summary>The partition (all pages, one window, one parent, one batch) that the fact belongs to.</summary>
    [JsonPropertyName("walk")]
    public string? Partition { get; init; }

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

    /// <summary>The cursor to ask with next; absent on the last page of a partition.</summary>
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

    /// <summary>Records that Customer.io says the partition has.</summary>
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

    /// <summary>Where the records begin in time, in unix seconds; absent for all of time.</summary>
    [JsonPropertyName("from")]
    public long? From { get; init; }

    /// <summary>When the extraction was begun by Customer.io's clock, in unix seconds: windows of a resumed one end here too.</summary>
    [JsonPropertyName("began")]
    public long Began { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ManifestEntry))]
internal sealed partial class ManifestJson : JsonSerializerContext;
