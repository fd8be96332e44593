using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Writes.Operations;

/// <summary>What can be changed in a table by SQL.</summary>
public sealed record TableWrites
{
    /// <summary>The table.</summary>
    public required string Table { get; init; }

    /// <summary>How rows become calls.</summary>
    public WriteShape Form { get; init; }

    /// <summary>The path that lists all rows, in a member of the table's name, where there is none that gives a single one.</summary>
    public string? List { get; init; }

    /// <summary>The columns that can be written.</summary>
    public required IReadOnlyList<WriteField> Fields { get; init; }

    /// <summary>The call of INSERT; null when there is none.</summary>
    public WriteCall? Insert { get; init; }

    /// <summary>The call of UPDATE; null when there is none.</summary>
    public WriteCall? Update { get; init; }

    /// <summary>The call of DELETE; null when there is none.</summary>
    public WriteCall? Delete { get; init; }

    /// <summary>The verbs that there are, with their calls.</summary>
    [JsonIgnore]
    public IEnumerable<KeyValuePair<string, WriteCall>> Calls =>
        new KeyValuePair<string, WriteCall?>[] { new("insert", Insert), new("update", Update), new("delete", Delete) }
            .Where(one => one.Value is not null)
            .Select(one => KeyValuePair.Create(one.Key, one.Value!));

    /// <summary>The call of a verb, or null.</summary>
    /// <param name="verb">insert, update or delete.</param>
    public WriteCall? Find(string verb) => Calls.FirstOrDefault(one => one.Key == verb).Value;

    /// <summary>The verbs that can set a column, or null.</summary>
    public string? Writable(string column) =>
        Fields.FirstOrDefault(field => field.Name == column) is { } found ? string.Join(", ", found.On) : null;
}

/// <summary>How rows become calls.</summary>
public enum WriteShape
{
    /// <summary>A call for each row.</summary>
    Row,

    /// <summary>A call for as many people as one takes, each with the attributes that have changed.</summary>
    Person,

    /// <summary>A call for as many objects as one takes, each with the attributes that have changed.</summary>
    Object,

    /// <summary>The same for relationships of people to objects.</summary>
    Relationship,

    /// <summary>A call for up to 1,000 people of a segment.</summary>
    Members,

    /// <summary>A call for each collection, with all of its rows.</summary>
    Rows,
}

/// <summary>All tables that can be changed by SQL.</summary>
public static class TableWritesCatalog
{
    /// <summary>The tables in the order of the documentation.</summary>
    public static IReadOnlyList<TableWrites> All { get; } =
        WritesJson.Element("tables.json").Deserialize(WritesJson.Default.IReadOnlyListTableWrites)!;

    private static FrozenDictionary<string, TableWrites> ByName { get; } = All.ToFrozenDictionary(one => one.Table, StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds a table by its name; null when nothing of it can be changed.</summary>
    public static TableWrites? Find(string table) => ByName.GetValueOrDefault(table);
}
