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

    /// <summary>How it is read back what it has done; null where the App API does not show it.</summary>
    public ReadBackForm? ReadBack { get; init; }

    /// <summary>Why it is not read back; null where it is.</summary>
    public string? NotReadBack { get; init; }

    /// <summary>The parameter with which it may be repeated, because Customer.io drops the second of two; null for none.</summary>
    public string? IsRepeatableWith { get; init; }
}

/// <summary>How it is read back what a procedure has done.</summary>
public enum ReadBackForm
{
    /// <summary>The person with the values that were set.</summary>
    Person,

    /// <summary>The person is gone.</summary>
    NoPerson,

    /// <summary>The primary person is there, and the secondary is gone.</summary>
    Merged,

    /// <summary>The object, and who is related to it.</summary>
    Object,

    /// <summary>The object is gone.</summary>
    NoObject,

    /// <summary>The relationships.</summary>
    Related,

    /// <summary>There are no such relationships.</summary>
    NotRelated,

    /// <summary>The people are in the segment.</summary>
    Member,

    /// <summary>They are not.</summary>
    NoMember,

    /// <summary>The message, by the id that the answer gives.</summary>
    Message,
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
