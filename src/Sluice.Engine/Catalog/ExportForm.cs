namespace Sluice.Engine.Catalog;

/// <summary>What is made of the lines of an export's file.</summary>
public enum ExportForm
{
    /// <summary>Rows with the file's own columns.</summary>
    Table,

    /// <summary>The records that the search for people gives: identifiers only.</summary>
    Identifiers,

    /// <summary>The records that the attributes endpoint gives: identifiers, and an object of attributes.</summary>
    Attributes,
}
