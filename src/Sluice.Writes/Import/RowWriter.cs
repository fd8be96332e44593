using System.Buffers;
using System.Text;

namespace Sluice.Writes.Import;

/// <summary>Makes of a row what is sent for it, and refuses what Customer.io would refuse or, worse, take in silence.</summary>
internal sealed class RowWriter(ImportMapping mapping, ImportSettings settings, IReadOnlySet<string> clashes)
{
    private const int LongestIdentifier = 150;

    // A collection keeps what its JSON says.
    private readonly bool _keepsEmpty = mapping.Operation.Name == "collection";
    private readonly MappedColumn? _second = mapping.SecondIdentifier;
    private readonly Dictionary<string, (string First, long Line)> _firstOf = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _pieces = mapping.Operation.Pieces;
    private readonly Dictionary<string, long> _milliseconds = new(StringComparer.Ordinal);
    private readonly byte[][] _names = [.. mapping.Attributes.Select(one => Name(one.Attribute))];

    /// <summary>The value that must keep its place among others of the same one; null where the order means nothing.</summary>
    public string? Key { get; private set; }

    /// <summary>Attributes that were taken away, by the column.</summary>
    public Dictionary<string, long> Cleared { get; } = new(StringComparer.Ordinal);

    /// <summary>What may be meant otherwise.</summary>
    public IEnumerable<string> Doubts =>
        _milliseconds.Select(one => $"{one.Key} looks like milliseconds in {one.Value:N0} rows: Customer.io takes seconds.");

    /// <summary>Writes a row; null when it can be sent.</summary>
    public RowProblem? Write(SourceRow row, ArrayBufferWriter<byte> to)
    {
        var problem = default(RowProblem);
        Key = null;
        foreach (var piece in _pieces)
        {
            if (!piece.StartsWith('@'))
            {
                ValueText.Raw(piece, to);
            }
            else if ((problem = WriteSlot(piece[1..], row, to)) is not null)
            {
                return problem;
            }
        }

        return to.WrittenCount > mapping.Operation.MaxItemBytes
            ? new RowProblem("", $"The row makes {to.WrittenCount} bytes; Customer.io takes {mapping.Operation.MaxItemBytes}")
            : Clash(row);
    }

    // The first row of a second identifier has it; Customer.io would take the others and drop the change without a word.
    private RowProblem? Clash(SourceRow row)
    {
        if (clashes.Count == 0 || _second is not { } second || row[second.Column] is not { Length: > 0 } text)
        {
            return null;
        }

        var value = ValueText.Plain(mapping.Columns[second.Column], text);
        value = second.Attribute == "email" ? value.ToLowerInvariant() : value;
        if (!clashes.Contains(value))
        {
            return null;
        }

        if (_firstOf.TryAdd(value, (Key!, row.Line)) || _firstOf[value].First == Key)
        {
            return null;
        }

        return new RowProblem(
            mapping.Columns[second.Column].Name,
            $"belongs to another person by line {_firstOf[value].Line}, and no two people can have the same: '{ValueText.Short(text)}'");
    }

    private RowProblem? WriteSlot(string slot, SourceRow row, ArrayBufferWriter<byte> to) => slot switch
    {
        "attributes" => WriteAttributes(row, to),
        "person" or "value" => WriteIdentifier(slot, row, to),
        "timestamp" => WriteTimestamp(row, to),
        "event_id" => WriteEventId(row, to),
        _ => WriteValue(slot, row, to),
    };

    private RowProblem? WriteIdentifier(string slot, SourceRow row, ArrayBufferWriter<byte> to)
    {
        var column = mapping.Columns[mapping.Identifier];
        var text = row[mapping.Identifier] is { } value && value is not ("null" or "\"\"") ? ValueText.Plain(column, value) : null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return new RowProblem(column.Name, "has no value, so that nobody is named");
        }

        if (mapping.IdentifierKind == "email" && !ValueText.IsEmail(text))
        {
            return new RowProblem(column.Name, $"is no e-mail address: '{ValueText.Short(text)}'");
        }

        if (Encoding.UTF8.GetByteCount(text) > LongestIdentifier)
        {
            return new RowProblem(column.Name, $"is longer than {LongestIdentifier} bytes");
        }

        AddToKey(slot, mapping.IdentifierKind == "email" ? text.ToLowerInvariant() : text);
        if (slot == "person")
        {
            ValueText.Raw($"\"{mapping.IdentifierKind}\":", to);
        }

        ValueText.Quoted(text, to);
        return null;
    }

    private RowProblem? WriteAttributes(SourceRow row, ArrayBufferWriter<byte> to)
    {
        var isFirst = true;
        for (var index = 0; index < _names.Length; index++)
        {
            var (place, attribute) = mapping.Attributes[index];
            var column = mapping.Columns[place];
            var text = row[place];
            var isEmpty = IsEmpty(column, text) && !(_keepsEmpty && column.Kind == ValueKind.Json && text is not null);
            if (isEmpty && !settings.ClearsNulls)
            {
                continue;
            }

            if (!isFirst)
            {
                to.Write(","u8);
            }

            isFirst = false;
            to.Write(_names[index]);
            if (isEmpty)
            {
                Count(Cleared, column.Name);
                to.Write("\"\""u8);
            }
            else if (WriteAttribute(column, attribute, text!, to) is { } problem)
            {
                return new RowProblem(column.Name, problem);
            }
        }

        return null;
    }

    private string? WriteAttribute(SourceColumn column, string attribute, string text, ArrayBufferWriter<byte> to)
    {
        if (attribute == "email" && !ValueText.IsEmail(ValueText.Plain(column, text)))
        {
            return $"is no e-mail address: '{ValueText.Short(text)}'";
        }

        var before = to.WrittenCount;
        if (ValueText.Write(column, text, mapping.TimeFormat, to) is { } problem)
        {
            return problem;
        }

        var limit = mapping.Operation.MaxValueBytes;
        if (limit > 0 && to.WrittenCount - before > limit && Encoding.UTF8.GetByteCount(ValueText.Plain(column, text)) > limit)
        {
            return $"is longer than {limit} bytes";
        }

        var isTime = column.Kind == ValueKind.Time || attribute.EndsWith("_at", StringComparison.Ordinal);
        if (isTime && ValueText.Seconds(text, mapping.TimeFormat) > ValueText.Milliseconds)
        {
            Count(_milliseconds, column.Name);
        }

        return null;
    }

    private RowProblem? WriteTimestamp(SourceRow row, ArrayBufferWriter<byte> to)
    {
        if (ValueOf("timestamp", row) is not { Length: > 0 } text)
        {
            return null;
        }

        if (ValueText.Seconds(text, TimestampFormat) is not (> 0 and < ValueText.Milliseconds) and var seconds)
        {
            var what = seconds is null ? "is no time" : seconds > 0 ? "is in milliseconds, and Customer.io takes seconds" : "is before 1970";
            return new RowProblem(NameOf("timestamp"), $"{what}: '{ValueText.Short(text)}'");
        }

        ValueText.Raw($",\"timestamp\":{ValueText.Seconds(text, TimestampFormat)}", to);
        return null;
    }

    // Typed columns and --set have times as they are, whatever the format of text is.
    private TimeFormat? TimestampFormat =>
        mapping.Slots.TryGetValue("timestamp", out var column) && mapping.Columns[column].Kind == ValueKind.Time ? mapping.TimeFormat : null;

    // Customer.io drops the second event of an id only if the id is a ULID.
    private RowProblem? WriteEventId(SourceRow row, ArrayBufferWriter<byte> to)
    {
        if (!mapping.Slots.ContainsKey("event_id"))
        {
            return null;
        }

        var text = ValueOf("event_id", row) ?? "";
        if (!ValueText.IsUlid(text))
        {
            return new RowProblem(
                NameOf("event_id"), $"is no ULID (26 characters), without which doubles are not dropped: '{ValueText.Short(text)}'");
        }

        ValueText.Raw($",\"id\":\"{text}\"", to);
        return null;
    }

    private RowProblem? WriteValue(string slot, SourceRow row, ArrayBufferWriter<byte> to)
    {
        if (ValueOf(slot, row) is not { Length: > 0 } text)
        {
            return new RowProblem(NameOf(slot), "has no value");
        }

        AddToKey(slot, text);
        ValueText.Quoted(text, to);
        return null;
    }

    private string? ValueOf(string slot, SourceRow row) =>
        !mapping.Slots.TryGetValue(slot, out var column) ? mapping.Constants.GetValueOrDefault(slot)
        : IsEmpty(mapping.Columns[column], row[column]) ? null
        : ValueText.Plain(mapping.Columns[column], row[column]!);

    private string NameOf(string slot) => mapping.Slots.TryGetValue(slot, out var column) ? mapping.Columns[column].Name : "@" + slot;

    private void AddToKey(string slot, string text)
    {
        if (mapping.Operation.Key.Contains(slot))
        {
            Key = Key is null ? text : $"{Key}\n{text}";
        }
    }

    /// <summary>Whether a column has no value in a row.</summary>
    public static bool IsEmpty(SourceColumn column, string? text) =>
        string.IsNullOrEmpty(text) || (column.Kind == ValueKind.Json && text is "null" or "\"\"");

    private static void Count(Dictionary<string, long> counts, string column) => counts[column] = counts.GetValueOrDefault(column) + 1;

    private static byte[] Name(string attribute)
    {
        var name = new ArrayBufferWriter<byte>();
        ValueText.Quoted(attribute, name);
        name.Write(":"u8);
        return name.WrittenSpan.ToArray();
    }
}

/// <summary>Why a row can't be sent.</summary>
/// <param name="Column">The column; "" when it is about the whole row.</param>
/// <param name="Reason">What is wrong with it, in the words that follow its name.</param>
internal sealed record RowProblem(string Column, string Reason);
