namespace Sluice.Settings.Pipelines;

/// <summary>How the tables of several workspaces go together.</summary>
public enum Combination
{
    /// <summary>Rows of all workspaces stand in one table and have its name in the column <c>workspace</c>.</summary>
    Union,

    /// <summary>Each workspace has tables of its own, which begin with its name.</summary>
    Prefix,

    /// <summary>Each workspace has a schema of its own, which ends with its name.</summary>
    Schema,
}
