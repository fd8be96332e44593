using System.Runtime.InteropServices;

namespace Sluice.CustomerIo;

/// <summary>One page of a list.</summary>
public sealed record Page
{
    /// <summary>The bytes the records lie in: the answer's body, or the records made of it when it lists plain values.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Where the records are in <see cref="Body"/>, in the API's order; an empty page need not be the last.</summary>
    public required IReadOnlyList<RecordRange> Records { get; init; }

    /// <summary>The cursor this page was asked for with; null for the first.</summary>
    public string? Cursor { get; init; }

    /// <summary>The cursor of the next page; null when this is the last.</summary>
    public string? Next { get; init; }

    /// <summary>The page's number in this reading, from 1.</summary>
    public int Number { get; init; }

    /// <summary>The server's clock (its Date header), to the second.</summary>
    public DateTimeOffset? ServerTime { get; init; }

    /// <summary>The records' top-level fields.</summary>
    public required FieldProfile Fields { get; init; }

    /// <summary>Whether the body is spread over lines, so that a record may hold line breaks between its tokens (never inside its strings).</summary>
    public bool HasLineBreaks { get; init; }

    /// <summary>How many attempts the page took, at least 1.</summary>
    public int Attempts { get; init; }

    /// <summary>Time spent waiting for the budget and between attempts.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>The bytes of one record, counted from 0.</summary>
    public ReadOnlyMemory<byte> Record(int i) => Body.Slice(Records[i].Offset, Records[i].Length);
}

/// <summary>Where one record lies in a page's body.</summary>
/// <param name="Offset">First byte, from 0.</param>
/// <param name="Length">Length in bytes, at least 2.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecordRange(int Offset, int Length);
