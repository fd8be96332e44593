namespace Sluice.Destinations.Models;

/// <summary>What a column of a model holds, in words that every database has a type for.</summary>
public enum ModelType
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with decimals.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An instant.</summary>
    Time,

    /// <summary>A day of Customer.io's zone.</summary>
    Day,
}

/// <summary>A view that answers questions which the tables answer only with joins and JSON, described once for all databases.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Doc">What it is, beginning with what a row is.</param>
internal sealed record Model(string Name, string Doc)
{
    /// <summary>The tables and models that it can be made from: one of each group must be there.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Needs { get; init; }

    /// <summary>What is used besides if it is there.</summary>
    public IReadOnlyList<string> Uses { get; init; } = [];

    /// <summary>The columns in their order.</summary>
    public required IReadOnlyList<ModelColumn> Columns { get; init; }

    /// <summary>What follows the columns: names the relations that they are taken from.</summary>
    public required Func<ModelScope, string> From { get; init; }

    /// <summary>Whether rows are grouped by the columns that count nothing.</summary>
    public bool IsGrouped { get; init; }

    /// <summary>The relation whose columns that the catalog does not know are columns of the model as they are; null for none.</summary>
    public string? PassesOn { get; init; }

    /// <summary>All that it can be made from.</summary>
    public IEnumerable<string> Relations => Needs.SelectMany(group => group).Concat(Uses);
}

/// <summary>A column of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Doc">What it means; a rate says what it divides by.</param>
/// <param name="Sql">The expression, made of what the scope has.</param>
internal sealed record ModelColumn(string Name, ModelType Type, string Doc, Func<ModelScope, string> Sql)
{
    /// <summary>Whether it counts rows of a group.</summary>
    public bool IsMeasure { get; init; }

    /// <summary>Whether rows mean nothing without it, so that the model is not made where it can't be.</summary>
    public bool IsKey { get; init; }

    /// <summary>Whether its absence is nothing to speak of.</summary>
    public bool IsQuiet { get; init; }
}
