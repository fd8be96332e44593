using System.Text.Json;
using Sluice.Engine;

namespace Sluice.Writes.Journal;

/// <summary>What a journal's lines come to.</summary>
public sealed class JournalState
{
    private readonly SortedDictionary<int, JournalEntry> _batches = [];

    /// <summary>The journal's name, by which commands know it.</summary>
    public required string Id { get; init; }

    /// <summary>What it is about.</summary>
    public required JournalPlan Plan { get; init; }

    /// <summary>When it was begun.</summary>
    public DateTimeOffset Began { get; private set; }

    /// <summary>When its last line was written.</summary>
    public DateTimeOffset Last { get; private set; }

    /// <summary>Whether all rows were gone through.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The last that is known of each request, in order; one that is still <c>sent</c> has no answer.</summary>
    public IEnumerable<JournalEntry> Batches => _batches.Values;

    /// <summary>Rows that Customer.io has taken.</summary>
    public long TakenRows => _batches.Values.Where(one => one.Kind == JournalEntry.Done).Sum(one => one.Rows - (one.Failed?.Count ?? 0));

    /// <summary>Rows that Customer.io has refused.</summary>
    public long RefusedRows =>
        _batches.Values.Sum(one => one.Kind == JournalEntry.Refused ? one.Rows : one.Kind == JournalEntry.Done ? one.Failed?.Count ?? 0 : 0);

    /// <summary>Rows that were not sent or that Customer.io has refused; known when all rows were gone through.</summary>
    public long RejectedRows { get; private set; }

    /// <summary>Rows that may have been taken and must not be sent again.</summary>
    public long UnknownRows => _batches.Values.Where(IsUnknown).Sum(one => one.Rows);

    /// <summary>The requests of which nobody knows whether they were carried out.</summary>
    public IEnumerable<JournalEntry> UnknownBatches => _batches.Values.Where(IsUnknown);

    internal long Length { get; private set; }

    internal JournalEntry? Find(int batch) => _batches.GetValueOrDefault(batch);

    /// <summary>Reads a journal; a last line that a killed process left half is not one. Null when there is no whole line.</summary>
    internal static JournalState? Read(string path)
    {
        JournalState? state = null;
        using var file = new FileStream(RegularFile.Require(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new LineReader(file);
        while (reader.Next() is { } line && Parse(line) is { } entry)
        {
            if (state is null && entry.Intent is { } plan)
            {
                state = new JournalState { Id = Path.GetFileNameWithoutExtension(path), Plan = plan, Began = entry.At };
            }

            state?.Apply(entry, reader.Position);
        }

        return state;
    }

    private bool IsUnknown(JournalEntry entry) =>
        entry.Kind == JournalEntry.Unknown || (entry.Kind == JournalEntry.Sent && !Plan.IsRepeatable);

    internal void Apply(JournalEntry entry, long length)
    {
        (Last, Length) = (entry.At, length);
        if (entry.Kind == JournalEntry.End)
        {
            (IsComplete, RejectedRows) = (true, entry.Rows);
        }
        else if (entry.Kind == JournalEntry.NotSent)
        {
            _batches.Remove(entry.Batch);
        }
        else if (entry.Batch > 0)
        {
            // What is in a request stands in its first line only.
            var sent = _batches.GetValueOrDefault(entry.Batch) ?? entry;
            _batches[entry.Batch] = sent with { Kind = entry.Kind, At = entry.At, Reason = entry.Reason, Failed = entry.Failed };
        }
    }

    private static JournalEntry? Parse(byte[] line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, JournalJson.Default.JournalEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Whole lines of a file; what follows the last line break is none.</summary>
internal sealed class LineReader(Stream file) : IDisposable
{
    private readonly BufferedStream _file = new(file, 64 * 1024);

    public long Position { get; private set; }

    public byte[]? Next()
    {
        using var line = new MemoryStream();
        for (var one = _file.ReadByte(); one >= 0; one = _file.ReadByte())
        {
            if (one == '\n')
            {
                Position += line.Length + 1;
                return line.ToArray();
            }

            line.WriteByte((byte)one);
        }

        return null;
    }

    public void Dispose() => _file.Dispose();
}
