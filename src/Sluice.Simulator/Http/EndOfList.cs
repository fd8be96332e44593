namespace Sluice.Simulator.Http;

/// <summary>What <c>next</c> is on the last page: all these forms occur.</summary>
internal enum EndOfList
{
    Absent,
    Null,
    Empty,

    /// <summary>A token that leads to an empty page, whose own <c>next</c> is empty.</summary>
    LeadsToEmptyPage,
}
