namespace Sluice.Engine.Catalog;

/// <summary>What a load does with the rows that the destination already has.</summary>
public enum Strategy
{
    /// <summary>The new rows take the place of all rows.</summary>
    Replace,

    /// <summary>A new row takes the place of the row with the same primary key, and other rows stay.</summary>
    Merge,

    /// <summary>New rows are added, and nothing is changed or removed.</summary>
    Append,

    /// <summary>The rows of the interval that was read are deleted, and then the new rows are inserted.</summary>
    DeleteInsert,
}
