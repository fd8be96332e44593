namespace Sluice.Engine.Shape;

/// <summary>What became of a value that was to go into a column.</summary>
internal enum Fit
{
    /// <summary>It is the column's value.</summary>
    Kept,

    /// <summary>It stands for nothing in a column of this type, such as 0 for a time.</summary>
    Nothing,

    /// <summary>The column's type can't hold it as it was sent.</summary>
    Rejected,
}
