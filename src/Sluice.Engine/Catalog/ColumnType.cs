namespace Sluice.Engine.Catalog;

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

    /// <summary>A TIMESTAMPTZ that is given as ISO 8601 text, as Sluice writes it for the rows of metrics.</summary>
    Timestamp,

    /// <summary>A nested object or array, kept as JSON.</summary>
    Json,
}
