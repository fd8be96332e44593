using System.Text.Json;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Shape.SafeCast;

/// <summary>Finds the values of a record's columns, and those without a column.</summary>
internal sealed class SafeCastRecord
{
    private readonly SafeCastPlan _plan;
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Range?[] _found;
    private readonly OrderedDictionary<string, Range> _extras = new(StringComparer.Ordinal);
    private readonly List<(string Field, Range Value)> _lost = [];
    private ReadOnlyMemory<byte> _line;

    public SafeCastRecord(SafeCastPlan plan)
    {
        _plan = plan;
        foreach (var source in plan.Columns.SelectMany(column => column.Sources))
        {
            _slots.TryAdd(source[0], _slots.Count);
        }

        _found = new Range?[_slots.Count];
    }

    /// <summary>Fields with a value and without a column.</summary>
    public IEnumerable<(string Field, ReadOnlyMemory<byte> Raw)> Extras => _extras.Select(extra => (extra.Key, _line[extra.Value]));

    /// <summary>Values that were replaced by a later value with the same key.</summary>
    public IEnumerable<(string Field, ReadOnlyMemory<byte> Raw)> Lost => _lost.Select(lost => (lost.Field, _line[lost.Value]));

    public void Read(ReadOnlyMemory<byte> line)
    {
        _line = line;
        _found.AsSpan().Clear();
        _extras.Clear();
        _lost.Clear();
        var reader = new Utf8JsonReader(line.Span, RawJson.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString()!;
            Note(field, Value(ref reader));
        }
    }

    /// <summary>The first of the column's sources with a value; empty if none has one.</summary>
    public ReadOnlySpan<byte> Of(TableColumn column)
    {
        foreach (var source in column.Sources)
        {
            var raw = _found[_slots[source[0]]] is { } range ? Inside(_line.Span[range], source) : default;
            if (!raw.IsEmpty)
            {
                return raw;
            }
        }

        return default;
    }

    // The last of equal keys wins, as in most parsers; but injected columns come first and win.
    private void Note(string field, Range value)
    {
        Range? before = null;
        if (_slots.TryGetValue(field, out var slot))
        {
            before = _found[slot];
            if (before is not null && InjectedColumns.IsInjected(field))
            {
                (before, value) = (value, before.Value);
            }

            _found[slot] = value;
        }
        else if (_plan.Extras.Contains(field))
        {
            before = _extras.TryGetValue(field, out var extra) ? extra : null;
            _extras[field] = value;
        }

        if (before is { } lost && !RawJson.IsNull(_line.Span[lost]) && !_line.Span[lost].SequenceEqual(_line.Span[value]))
        {
            _lost.Add((field, lost));
        }
    }

    private static ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> raw, IReadOnlyList<string> source)
    {
        for (var depth = 1; depth < source.Count && !raw.IsEmpty; depth++)
        {
            raw = Property(raw, source[depth]);
        }

        return raw.IsEmpty || RawJson.IsNull(raw) ? default : raw;
    }

    private static ReadOnlySpan<byte> Property(ReadOnlySpan<byte> raw, string name)
    {
        var reader = new Utf8JsonReader(raw, RawJson.Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return default;
        }

        var found = default(ReadOnlySpan<byte>);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            var value = Value(ref reader);
            if (isIt)
            {
                found = raw[value];
            }
        }

        return found;
    }

    private static Range Value(ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }
}
