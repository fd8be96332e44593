namespace Sluice.Engine.Catalog;

/// <summary>Something that a user may say about how a resource is asked for.</summary>
public sealed record ResourceOption
{
    /// <summary>The name, as it is written in a pipeline file and on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence: what it does, and its default.</summary>
    public required string Doc { get; init; }

    /// <summary>What it takes.</summary>
    public OptionKind Kind { get; init; }

    /// <summary>The words that a choice takes; empty for other kinds.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Whether several values may be given. A query parameter that takes one value is then asked for once with each of them.</summary>
    public bool Many { get; init; }

    /// <summary>The query parameter that carries it, or null.</summary>
    public string? Query { get; init; }

    /// <summary>The key of the body that carries it, or null.</summary>
    public string? Body { get; init; }

    /// <summary>The parameter of the path whose variants it chooses from, or null.</summary>
    public string? Route { get; init; }

    /// <summary>The column that tells in every row which value was asked for, or null.</summary>
    public string? Column { get; init; }
}
