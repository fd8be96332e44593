namespace Sluice.Engine.Load;

/// <summary>What a column gets when the table has the row.</summary>
public enum MergeRule
{
    /// <summary>What came.</summary>
    Replace,

    /// <summary>What came, if there was NULL.</summary>
    Fill,

    /// <summary>What came, unless that is NULL.</summary>
    Prefer,

    /// <summary>An object of both: members that came win, and those that were there and did not come stay.</summary>
    Patch,

    /// <summary>An object of both: members that were there win, and those that were not are added.</summary>
    PatchUnder,
}
