namespace Sluice.CustomerIo;

/// <summary>A body with its records found.</summary>
public sealed class CutPage
{
    /// <summary>The bytes the ranges point into: the body itself, or the records made of it when it lists plain values.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The records, in the order of the body.</summary>
    public required IReadOnlyList<RecordRange> Records { get; init; }

    /// <summary>The records' top-level fields.</summary>
    public required FieldProfile Fields { get; init; }

    /// <summary>The cursor of the next page; null when this is the last one.</summary>
    public string? Next { get; init; }

    /// <summary>Whether the body is spread over lines, so that a record may hold line breaks between its tokens (never inside its strings).</summary>
    public bool HasLineBreaks { get; init; }
}
