using System.Buffers;
using System.Globalization;
using System.Text;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Import;

/// <summary>Makes of a row what is sent for it, and refuses what Customer.io would refuse or, worse, take in silence.</summary>
internal sealed class RowWriter(ImportMapping mapping, ImportSettings settings, IReadOnlySet<string> clashes)
{
    // A collection keeps what its JSON says.
    private readonly bool _keepsEmpty = mapping.Operation.Name == "collection";
    private readonly MappedColumn? _second = mapping.SecondIdentifier;
    private readonly Dictionary<string, (string First, long Line)> _firstOf = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _pieces = mapping.Operation.Pieces;
    private readonly List<string> _inMilliseconds = [];
    private readonly List<string> _cleared = [];
    private readonly bool _isOfPeople = mapping.Operation.Name == "people";
    private readonly byte[][] _names = [.. mapping.Attributes.Select(one => Name(one.Attribute))];

    /// <summary>The value that must keep its place among others of the same one; null where the order means nothing.</summary>
    public string? Key { get; private set; }

    /// <summary>What is sent as it is and may be meant otherwise.</summary>
    public Doubts Doubts { get; } = new();

    /// <summary>Writes a row; null when it can be sent.</summary>
    public RowProblem? Write(SourceRow row, ArrayBufferWriter<byte> to)
    {
        Key = null;
        _inMilliseconds.Clear();
        _cleared.Clear();
        if (row.Unread is { } reason)
        {
            return new RowProblem("", reason);
        }

        if (WritePieces(row, to) is { } problem)
        {
            return problem;
        }

        // Of a row that is not sent nothing is to be doubted.
        _inMilliseconds.ForEach(column => Doubts.AddMilliseconds(column, PlaceOf(row.Line)));
        _cleared.ForEach(column => Doubts.AddCleared(column, PlaceOf(row.Line)));
        return null;
    }

    private RowProblem? WritePieces(SourceRow row, ArrayBufferWriter<byte> to)
    {
        foreach (var piece in _pieces)
        {
            if (!piece.StartsWith('@'))
            {
                ValueText.Raw(piece, to);
            }
            else if (WriteSlot(piece[1..], row, to) is { } problem)
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

        var plain = ValueText.Plain(mapping.Columns[second.Column], text);
        var value = second.Attribute == "email" ? plain.ToLowerInvariant() : plain;
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
            $"belongs to another person by {PlaceOf(_firstOf[value].Line)}, and no two people can have the same: '{WriteRules.Short(plain)}'");
    }

    /// <summary>What a row is about, as the source has it.</summary>
    public string NameOf(SourceRow row) => string.Join(
        ' ',
        mapping.Operation.Slots.Where(slot => slot is "person" or "value" or "object_type_id" or "object_id")
            .Select(slot => slot is "person" or "value" ? row[mapping.Identifier] is { } text
                ? ValueText.Plain(mapping.Columns[mapping.Identifier], text) : null : ValueOf(slot, row))
            .OfType<string>());

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
        var problem = column.Kind == ValueKind.Json && row[mapping.Identifier] is ['{' or '[', ..]
            ? $"is no text and no number: '{WriteRules.Short(text!)}'"
            : WriteRules.Identifier(mapping.IdentifierKind, text);
        if (problem is not null)
        {
            return new RowProblem(column.Name, problem);
        }

        AddToKey(slot, mapping.IdentifierKind == "email" ? text!.ToLowerInvariant() : text!);
        if (slot == "person")
        {
            ValueText.Raw($"\"{mapping.IdentifierKind}\":", to);
        }

        ValueText.Quoted(text!, to);
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
                _cleared.Add(column.Name);
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
        // Of an event, an object or a row of a collection these are values as any other.
        if (_isOfPeople && attribute is "id" or "email" && WriteRules.Identifier(attribute, ValueText.Plain(column, text)) is { } unnamed)
        {
            return unnamed;
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

        if (IsMilliseconds(column, attribute, text))
        {
            _inMilliseconds.Add(column.Name);
        }

        return null;
    }

    private bool IsMilliseconds(SourceColumn column, string attribute, string text) =>
        column.Kind == ValueKind.Time ? ValueText.Seconds(text, mapping.TimeFormat) > WriteRules.Milliseconds
        : text.StartsWith('"') ? WriteRules.IsMilliseconds(attribute, text.Trim('"'), isNumber: false)
        : WriteRules.IsMilliseconds(attribute, text, column.Kind is ValueKind.Number or ValueKind.Json);

    // Nobody has seen the file that the rows of a query were kept in.
    private string PlaceOf(long line) => string.Create(CultureInfo.InvariantCulture, $"{(settings.Query is null ? "line" : "row")} {line}");

    private RowProblem? WriteTimestamp(SourceRow row, ArrayBufferWriter<byte> to)
    {
        if (ValueOf("timestamp", row) is not { Length: > 0 } text)
        {
            return null;
        }

        if (ValueText.Seconds(text, TimestampFormat) is not (> 0 and < WriteRules.Milliseconds) and var seconds)
        {
            var what = seconds is null ? "is no time" : seconds > 0 ? "is in milliseconds, and Customer.io takes seconds" : "is before 1970";
            return new RowProblem(NameOf("timestamp"), $"{what}: '{WriteRules.Short(text)}'");
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
        if (WriteRules.Ulid(text) is { } problem)
        {
            return new RowProblem(NameOf("event_id"), problem);
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
