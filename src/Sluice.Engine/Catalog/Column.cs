namespace Sluice.Engine.Catalog;

/// <summary>One column of a table and where its value stands in the record that Customer.io sends.</summary>
/// <param name="Name">The column's name in the destination.</param>
/// <param name="Type">The column's type in the destination.</param>
/// <param name="Doc">One line: what the value means, its unit and its source.</param>
public sealed record Column(string Name, ColumnType Type, string Doc)
{
    /// <summary>The path in the record, dots between keys; of several alternatives with '|' between them the first with a value wins.</summary>
    /// <example>customer_identifiers.cio_id|identifiers.cio_id</example>
    public string Source { get; init; } = Name;

    /// <summary>The alternatives of <see cref="Source"/> one by one, in the order in which they are tried.</summary>
    public IReadOnlyList<string> Sources => Source.Split('|');
}
