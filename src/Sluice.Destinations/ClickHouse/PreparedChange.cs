using Sluice.Engine.Load;

namespace Sluice.Destinations.ClickHouse;

/// <summary>What a publication is about to do.</summary>
/// <param name="Result">What it will have done.</param>
/// <param name="Step">By what one can tell later that it was done.</param>
/// <param name="Apply">The one step that readers see.</param>
internal sealed record PreparedChange(LoadResult Result, VisibleStep Step, Func<CancellationToken, Task> Apply);
