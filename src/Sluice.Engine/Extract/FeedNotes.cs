using System.Collections.Concurrent;

namespace Sluice.Engine.Extract;

/// <summary>Sentences for the report, each told once.</summary>
internal sealed class FeedNotes
{
    private readonly ConcurrentDictionary<string, byte> _notes = new(StringComparer.Ordinal);

    public void Add(string sentence) => _notes.TryAdd(sentence, 0);

    public IReadOnlyList<string> All => [.. _notes.Keys.Order(StringComparer.Ordinal)];
}
