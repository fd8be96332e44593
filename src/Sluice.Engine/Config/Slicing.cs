namespace Sluice.Engine.Config;

/// <summary>How a table of activities becomes several.</summary>
public enum Slicing
{
    /// <summary>It stays one.</summary>
    None,

    /// <summary>A table for each type.</summary>
    ByType,

    /// <summary>A table for each type, and of events one for each name.</summary>
    ByTypeAndName,
}
