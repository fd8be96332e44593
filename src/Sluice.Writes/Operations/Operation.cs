using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Sluice.Writes.Operations;

/// <summary>One call of the Track API that changes something, as data: what is sent, how much of it at once, and what can't be undone.</summary>
public sealed partial record Operation
{
    /// <summary>The target of an import, such as <c>people</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in one sentence without a full stop.</summary>
    public required string Doc { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path, with values in braces.</summary>
    public required string Route { get; init; }

    /// <summary>What a body begins with.</summary>
    public required string Head { get; init; }

    /// <summary>What is sent for a row; <c>@name</c> stands for a value.</summary>
    public required string Item { get; init; }

    /// <summary>What a body ends with.</summary>
    public required string Tail { get; init; }

    /// <summary>Bytes of the largest body (Customer.io Track API reference: 500 kB).</summary>
    public required int MaxBytes { get; init; }

    /// <summary>Bytes of the largest item in it (Customer.io Track API reference: 32 kB).</summary>
    public required int MaxItemBytes { get; init; }

    /// <summary>The most items in a body; where Customer.io names no number, what keeps an answer's list of failures short.</summary>
    public required int MaxItems { get; init; }

    /// <summary>Bytes of an attribute's largest value (Customer.io Track API reference: 1000); 0 where none is told.</summary>
    public int MaxValueBytes { get; init; }

    /// <summary>The most attributes (Customer.io Track API reference: 300); 0 where no number is told.</summary>
    public int MaxAttributes { get; init; }

    /// <summary>Whether doing it twice is the same as doing it once.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>The value with which it may be repeated, because Customer.io drops the second of two; null for none.</summary>
    public string? IsRepeatableWith { get; init; }

    /// <summary>The values that name what is changed: items of the same ones must not change places. None where the order means nothing.</summary>
    public required IReadOnlyList<string> Key { get; init; }

    /// <summary>Whether it destroys what Customer.io can't give back, so that somebody must have said how many.</summary>
    public bool IsDestroying { get; init; }

    /// <summary>Whether what it names is not there afterwards.</summary>
    [JsonIgnore]
    public bool IsRemoval { get => field || IsDestroying; init; }

    /// <summary>What can't be undone.</summary>
    public required string Undone { get; init; }

    /// <summary>The values that an item takes, in the order of the body.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Slots => [.. Slot().Matches(Item).Select(found => found.Groups["name"].Value).Distinct()];

    /// <summary>The item in pieces: text as it is, and <c>@name</c> where a value goes.</summary>
    internal IReadOnlyList<string> Pieces => [.. Slot().Split(Item).Select((piece, index) => index % 2 == 1 ? "@" + piece : piece)];

    [GeneratedRegex("@(?<name>[a-z_]+)", RegexOptions.None, 1000)]
    private static partial Regex Slot();
}

/// <summary>All operations.</summary>
public static class OperationCatalog
{
    /// <summary>The operations in the order of the documentation.</summary>
    public static IReadOnlyList<Operation> All { get; } = Read("operations");

    private static FrozenDictionary<string, Operation> ByName { get; } = All.ToFrozenDictionary(one => one.Name, StringComparer.OrdinalIgnoreCase);

    // By the operation that adds what they remove.
    private static FrozenDictionary<string, Operation> Removals { get; } =
        Read("removals").Select(one => one with { IsRemoval = true }).ToFrozenDictionary(one => one.Name, StringComparer.Ordinal);

    /// <summary>Finds one by its name; null when there is none.</summary>
    public static Operation? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>What takes away again what an operation adds; null when that can't be done row by row.</summary>
    public static Operation? FindRemoval(string name) => name == "people" ? Find("deletes") : Removals.GetValueOrDefault(name);

    private static IReadOnlyList<Operation> Read(string file)
    {
        using var stream = typeof(OperationCatalog).Assembly.GetManifestResourceStream($"Operations/{file}.json")!;
        return JsonSerializer.Deserialize(stream, OperationJson.Default.IReadOnlyListOperation)!;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<Operation>))]
internal sealed partial class OperationJson : JsonSerializerContext;
