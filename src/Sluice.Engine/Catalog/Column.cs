namespace Sluice.Engine.Catalog;

/// <summary>A column of a table and the path of its value in Customer.io's record.</summary>
/// <param name="Name">The column's name in the destination.</param>
/// <param name="Type">The column's type in the destination.</param>
/// <param name="Doc">One line: what the value means, its unit and its source.</param>
public sealed record Column(string Name, ColumnType Type, string Doc)
{
    /// <summary>Begins the name of a field that Sluice itself writes in front of a record, such as its parent's id.</summary>
    public const string InjectedPrefix = "_sluice_p_";

    /// <summary>The path in the record, with dots between keys; of several alternatives, separated by '|', the first with a value wins.</summary>
    /// <example>customer_identifiers.cio_id|identifiers.cio_id</example>
    public string Source { get; init; } = Name;

    /// <summary>The alternatives of <see cref="Source"/> in the order in which they are tried.</summary>
    public IReadOnlyList<string> Sources => Source.Split('|');
}

/// <summary>The types that a column of a table can have.</summary>
public enum ColumnType
{
    /// <summary>A 64-bit integer; Customer.io also sends integers as JSON strings, which fit too.</summary>
    Bigint,

    /// <summary>A double-precision number.</summary>
    Double,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Text as it was sent: numbers that are identifiers keep their leading zeros.</summary>
    Text,

    /// <summary>Unix seconds in the API and a TIMESTAMPTZ in the table; 0 means never and becomes NULL.</summary>
    UnixTime,

    /// <summary>A TIMESTAMPTZ from ISO 8601 text, which Sluice writes for the rows of metrics.</summary>
    Timestamp,

    /// <summary>A nested object or array, kept as JSON.</summary>
    Json,
}
