namespace Sluice.Engine.Load;

/// <summary>The columns that Sluice adds to every table.</summary>
public static class SystemColumns
{
    /// <summary>When Customer.io no longer had the row; null for rows that it has.</summary>
    public const string DeletedAt = "_sluice_deleted_at";
}
