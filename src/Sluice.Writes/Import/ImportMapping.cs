using System.Text;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Import;

/// <summary>Which column becomes what.</summary>
public sealed class ImportMapping
{
    internal static readonly string[] IdentifierKinds = ["id", "email", "cio_id"];

    private static readonly string[] Optional = ["attributes", "timestamp", "event_id"];

    // What columns for an operation's values are usually called, beside the value's own name.
    private static readonly Dictionary<string, string[]> UsualNames = new(StringComparer.Ordinal)
    {
        ["name"] = ["event", "event_name"],
        ["timestamp"] = ["time", "occurred_at", "event_time"],
    };

    private static readonly Dictionary<string, ValueKind> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["text"] = ValueKind.Text,
        ["number"] = ValueKind.Number,
        ["boolean"] = ValueKind.Boolean,
        ["time"] = ValueKind.Time,
        ["timestamp"] = ValueKind.Time,
        ["json"] = ValueKind.Json,
    };

    private readonly List<MappedColumn> _attributes = [];
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly List<string> _leftOut = [];

    private ImportMapping(Operation operation, IReadOnlyList<SourceColumn> columns) => (Operation, Columns) = (operation, columns);

    /// <summary>What is done with the rows.</summary>
    public Operation Operation { get; }

    /// <summary>All columns of the source.</summary>
    public IReadOnlyList<SourceColumn> Columns { get; private set; }

    /// <summary>What names a person: id, email or cio_id.</summary>
    public string IdentifierKind { get; private set; } = "id";

    /// <summary>The columns that become attributes.</summary>
    public IReadOnlyList<MappedColumn> Attributes => _attributes;

    /// <summary>The column of each value of the operation.</summary>
    public IReadOnlyDictionary<string, int> Slots => _slots;

    /// <summary>The values that are the same for all rows.</summary>
    public required IReadOnlyDictionary<string, string> Constants { get; init; }

    /// <summary>Columns that are not sent.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>Whether a request may be sent twice.</summary>
    public bool IsRepeatable => Operation.IsRepeatable || (Operation.IsRepeatableWith is { } slot && _slots.ContainsKey(slot));

    /// <summary>How times are written, in .NET's letters; null for those of ISO 8601.</summary>
    internal TimeFormat? TimeFormat { get; private set; }

    /// <summary>The other identifier of a person beside the one that names them: no two people can have the same one.</summary>
    internal MappedColumn? SecondIdentifier =>
        Operation.Name == "people" ? _attributes.Find(one => one.Attribute == (IdentifierKind == "email" ? "id" : "email")) : null;

    internal int Identifier => _slots.GetValueOrDefault("person", _slots.GetValueOrDefault("value", -1));

    /// <summary>All that decides what is sent for a row.</summary>
    internal string Fingerprint => string.Join(
        '\n',
        [
            Operation.Name, IdentifierKind, .. TimeFormat is { } format ? new[] { $"time:{format.Text}" } : [],
            .. _attributes.Select(one => $"{Columns[one.Column].Name}={one.Attribute}"),
            .. _slots.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"@{one.Key}={Columns[one.Value].Name}"),
            .. Constants.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"@{one.Key}:{one.Value}"),
            .. Columns.Select(column => $"{column.Name}:{column.Kind}"),
        ]);

    /// <summary>Makes the mapping of what was said and, for the rest, of what columns are called.</summary>
    internal static ImportMapping Make(Operation operation, IReadOnlyList<SourceColumn> columns, ImportSettings settings, ValidationErrors mistakes)
    {
        var constants = Pairs(settings.Constants, "--set", "name=purchase", mistakes)
            .Select(pair => KeyValuePair.Create(pair.Name.TrimStart('@'), pair.Value)).ToList();
        foreach (var unknown in constants.Where(pair => !operation.Slots.Contains(pair.Key) || pair.Key is "person" or "value" or "attributes"))
        {
            mistakes.Add($"--set: {operation.Name} has no value @{unknown.Key}.", Values(operation));
        }

        var mapping = new ImportMapping(operation, columns) { Constants = constants.DistinctBy(pair => pair.Key).ToDictionary() };
        mapping.Map(Said(columns, settings, mistakes), mistakes);
        mapping.ChooseIdentifier(settings.Identifier, mistakes);
        mapping.TimeFormat = settings.TimeFormat is { } format ? TimeFormat.Read(format, mistakes) : null;
        mapping.SetKinds(settings.Types, mistakes);
        mapping.Check(mistakes);
        return mapping;
    }

    private static string Values(Operation operation)
    {
        var values = operation.Slots.Where(slot => slot is not ("person" or "value" or "attributes")).Select(slot => "@" + slot).ToList();
        return values.Count == 0 ? "It has none." : $"There are {string.Join(", ", values)}.";
    }

    private static Dictionary<int, string> Said(IReadOnlyList<SourceColumn> columns, ImportSettings settings, ValidationErrors mistakes)
    {
        var said = new Dictionary<int, string>();
        foreach (var (name, value) in Pairs(settings.Maps, "--map", "Signed up=created_at", mistakes))
        {
            if (Find(columns, name) is { } column)
            {
                said[column] = value;
            }
            else
            {
                mistakes.Add($"--map: There is no column '{name}'.", Suggest(name, columns));
            }
        }

        return said;
    }

    private static IEnumerable<(string Name, string Value)> Pairs(
        IReadOnlyList<string> texts, string option, string example, ValidationErrors mistakes)
    {
        foreach (var text in texts)
        {
            var equals = text.LastIndexOf('=');
            if (equals > 0 && equals < text.Length - 1)
            {
                yield return (text[..equals], text[(equals + 1)..]);
            }
            else
            {
                mistakes.Add($"{option} can't be '{text}'.", $"Write it as {option} '{example}'.");
            }
        }
    }

    private static int? Find(IReadOnlyList<SourceColumn> columns, string name)
    {
        for (var column = 0; column < columns.Count; column++)
        {
            if (columns[column].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return column;
            }
        }

        return null;
    }

    private static string Suggest(string name, IReadOnlyList<SourceColumn> columns)
    {
        var names = columns.Select(column => column.Name).ToList();
        return Suggestion.For(name, names) ?? $"There are {string.Join(", ", names.Take(20))}.";
    }

    private void Map(Dictionary<int, string> said, ValidationErrors mistakes)
    {
        for (var column = 0; column < Columns.Count; column++)
        {
            var name = said.GetValueOrDefault(column) ?? Propose(Columns[column].Name);
            if (name == "-")
            {
                _leftOut.Add(Columns[column].Name);
            }
            else if (!name.StartsWith('@'))
            {
                _attributes.Add(new MappedColumn(column, name));
            }
            else if (Operation.Slots.Contains(name[1..]) && name[1..] is not ("person" or "value" or "attributes"))
            {
                _slots.TryAdd(name[1..], column);
            }
            else
            {
                mistakes.Add($"--map: {Operation.Name} has no value {name}.", Values(Operation));
            }
        }
    }

    private string Propose(string column)
    {
        var plain = column.Trim().ToLowerInvariant().Replace(' ', '_');
        var slot = Operation.Slots.FirstOrDefault(
            slot => slot is not ("person" or "value" or "attributes")
                && !Constants.ContainsKey(slot)
                && (slot == plain || UsualNames.GetValueOrDefault(slot, []).Contains(plain)));
        return slot is not null ? "@" + slot : IdentifierKinds.Contains(plain) ? plain : column;
    }

    // The identifier is one of the columns that would be attributes; the others stay what they are.
    private void ChooseIdentifier(string? said, ValidationErrors mistakes)
    {
        var slot = Operation.Slots.FirstOrDefault(slot => slot is "person" or "value");
        if (slot is null)
        {
            return;
        }

        var found = (said is null ? IdentifierKinds : [said])
            .Select(kind => _attributes.Find(one => one.Attribute == kind))
            .FirstOrDefault(one => one is not null);
        if (found is null)
        {
            mistakes.Add(
                $"No column is called {said ?? "id, email or cio_id"}, so that nobody is named.",
                $"Say which one it is, as with --map '{Columns[0].Name}={said ?? "id"}'. There are "
                    + $"{string.Join(", ", Columns.Select(one => one.Name).Take(20))}.");
            return;
        }

        IdentifierKind = found.Attribute;
        _slots[slot] = found.Column;
        _attributes.Remove(found);
        // A cio_id is given by Customer.io and can't be set.
        var useless = Operation.Slots.Contains("attributes") ? _attributes.Where(one => one.Attribute == "cio_id").ToList() : [.. _attributes];
        _leftOut.AddRange(useless.Select(one => Columns[one.Column].Name));
        useless.ForEach(one => _attributes.Remove(one));
    }

    private void SetKinds(IReadOnlyList<string> types, ValidationErrors mistakes)
    {
        var columns = Columns.ToArray();
        foreach (var time in _attributes.Where(one => one.Attribute == "created_at" && Operation.Name != "collection").Select(one => one.Column)
            .Concat(_slots.Where(slot => slot.Key == "timestamp").Select(slot => slot.Value))
            .Where(column => columns[column].Kind == ValueKind.Text || columns[column].IsOfJson
                || (columns[column].Kind == ValueKind.Number && TimeFormat is not null)))
        {
            columns[time] = columns[time] with { Kind = ValueKind.Time };
        }

        foreach (var (name, type) in Pairs(types, "--type", "signed_up=time", mistakes))
        {
            if (Find(columns, name) is not { } column)
            {
                mistakes.Add($"--type: There is no column '{name}'.", Suggest(name, columns));
            }
            else if (Types.TryGetValue(type, out var kind))
            {
                columns[column] = columns[column] with { Kind = kind };
            }
            else
            {
                mistakes.Add($"--type: There is no type '{type}'.", $"There are {string.Join(", ", Types.Keys)}.");
            }
        }

        if (TimeFormat is not null && !columns.Any(column => column.Kind == ValueKind.Time))
        {
            mistakes.Add("--time-format: No column holds times.", "Say which one does, as with --type signed_up=time.");
        }

        Columns = columns;
    }

    private void Check(ValidationErrors mistakes)
    {
        foreach (
            var missing in Operation.Slots.Where(
                slot => slot is not ("person" or "value") && !Optional.Contains(slot) && !_slots.ContainsKey(slot) && !Constants.ContainsKey(slot)))
        {
            mistakes.Add(
                $"{Operation.Name} needs @{missing}.", $"Name its column with --map COLUMN=@{missing}, "
                    + $"or give all rows the same with --set {missing}=VALUE.");
        }

        foreach (var twice in _attributes.GroupBy(one => one.Attribute, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            mistakes.Add($"Several columns become {twice.Key}.", "Leave one out, as with --map 'COLUMN=-'.");
        }

        foreach (var name in _attributes.Select(one => one.Attribute).Where(name => Encoding.UTF8.GetByteCount(name) > WriteRules.LongestName))
        {
            mistakes.Add($"The attribute's name {name[..40]}... is longer than {WriteRules.LongestName} bytes.", "Give it a shorter one with --map.");
        }

        if (Operation.MaxAttributes > 0 && _attributes.Count > Operation.MaxAttributes)
        {
            mistakes.Add(
                $"{_attributes.Count} columns would be attributes; Customer.io takes {Operation.MaxAttributes}.",
                "Leave some out, as with --map 'COLUMN=-'.");
        }
    }
}

/// <summary>A column that becomes an attribute.</summary>
/// <param name="Column">The column's place in the source.</param>
/// <param name="Attribute">The attribute's name.</param>
public sealed record MappedColumn(int Column, string Attribute);
