using System.Collections.Frozen;
using System.Text.Json;

namespace Sluice.Writes.Operations;

/// <summary>A call that SQL makes by <c>CALL</c>.</summary>
public sealed record Procedure : WriteCall
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in one sentence without a full stop.</summary>
    public required string Doc { get; init; }

    /// <summary>The parameters in order.</summary>
    public required IReadOnlyList<WriteField> Fields { get; init; }

    /// <summary>The members of the answer that become columns; none where Customer.io only says that it has queued the change.</summary>
    public IReadOnlyList<string> Answer { get => field ?? []; init; }

    /// <summary>The parameter with which it may be repeated, because Customer.io drops the second of two; null for none.</summary>
    public string? IsRepeatableWith { get; init; }
}

/// <summary>All procedures.</summary>
public static class ProcedureCatalog
{
    /// <summary>The procedures in the order of the documentation.</summary>
    public static IReadOnlyList<Procedure> All { get; } =
        WritesJson.Element("procedures.json").Deserialize(WritesJson.Default.IReadOnlyListProcedure)!;

    private static FrozenDictionary<string, Procedure> ByName { get; } = All.ToFrozenDictionary(one => one.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds one by its name; null when there is none.</summary>
    public static Procedure? Find(string name) => ByName.GetValueOrDefault(name);
}
