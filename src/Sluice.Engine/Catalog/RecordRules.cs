namespace Sluice.Engine.Catalog;

/// <summary>The object of a record whose members can become columns of their own.</summary>
/// <param name="Field">The record's field that holds the object.</param>
/// <param name="Prefix">What the columns' names begin with; empty for nothing.</param>
public sealed record FlattenRule(string Field, string Prefix);

/// <summary>How a record of several named lists becomes rows: one for every entry of every list.</summary>
/// <param name="Name">The field that gets the list's name.</param>
/// <param name="Value">The field that gets the entry.</param>
public sealed record UnpivotRule(string Name, string Value);

/// <summary>A column whose values can hold secrets.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Rule">What is taken out.</param>
public sealed record Redaction(string Column, RedactionRule Rule);

/// <summary>What is taken out of a value before it is stored.</summary>
public enum RedactionRule
{
    /// <summary>Of a URL, the user name and password and the values of the query parameters; the rest stays.</summary>
    UrlSecrets,
}

/// <summary>What the rows of an export's file become.</summary>
public enum ExportForm
{
    /// <summary>Rows with the file's own columns.</summary>
    Table,

    /// <summary>The records of the people search: identifiers only.</summary>
    Identifiers,

    /// <summary>The records of the attributes endpoint: identifiers and an object of attributes.</summary>
    Attributes,
}
