namespace Sluice.Engine.Runs;

/// <summary>A column or field that a user has named and that the catalog does not know: the destination may, or nobody does.</summary>
public sealed record NamedColumn
{
    /// <summary>What names it, as an error says it: <c>--mask</c>, or <c>sluice.yaml:7:12: mask</c>.</summary>
    public required string Setting { get; init; }

    /// <summary>The name; of a member with the object that it is in, as <c>attributes.plan</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of name it is.</summary>
    public required NameKind Kind { get; init; }

    /// <summary>
    /// The object of which it is a member, when users fill that object themselves, as they do <c>attributes</c>: any member can be right then, unless
    /// it is all but the name of one that is known. Null for other names, of which there is a list.
    /// </summary>
    public string? OpenObject { get; init; }

    /// <summary>The tables that it is said of.</summary>
    public required IReadOnlyList<Catalog.TableName> Sources { get; init; }

    /// <summary>What the catalog has for these tables.</summary>
    public required IReadOnlyList<string> Known { get; init; }
}

/// <summary>What a name can be the name of.</summary>
public enum NameKind
{
    /// <summary>A column of the table; case matters.</summary>
    Column,

    /// <summary>A column, or a field of the records however deep, or with dots a path in them; case does not matter.</summary>
    Field,

    /// <summary>A member of an object that becomes a column.</summary>
    Member,
}
