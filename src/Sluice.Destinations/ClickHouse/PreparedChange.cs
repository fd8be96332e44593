using Sluice.Engine.Load;

namespace Sluice.Destinations.ClickHouse;

/// <summary>What a publication is about to do.</summary>
/// <param name="Result">What it will have done.</param>
/// <param name="Apply">The one step that readers see; null when nothing changes.</param>
internal sealed record PreparedChange(LoadResult Result, Func<CancellationToken, Task>? Apply);
