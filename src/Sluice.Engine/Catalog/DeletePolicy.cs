namespace Sluice.Engine.Catalog;

/// <summary>What becomes of rows that a whole listing no longer has.</summary>
public enum DeletePolicy
{
    /// <summary>They stay and get the time in <c>_sluice_deleted_at</c>.</summary>
    Soft,

    /// <summary>They are deleted.</summary>
    Hard,

    /// <summary>They stay as they are.</summary>
    Ignore,
}

/// <summary>What is done about fields that neither the catalog nor the destination table knows.</summary>
public enum SchemaContract
{
    /// <summary>A new field becomes a column, and a column's type is widened when values need it.</summary>
    Evolve,

    /// <summary>New fields go together into one JSON column.</summary>
    Json,

    /// <summary>A change that a table would need fails the table before anything of it is visible.</summary>
    Freeze,
}
