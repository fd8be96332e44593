using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.State;

namespace Sluice.Destinations.ClickHouse;

/// <summary>
/// What becomes true with a load, written down before its rows become visible: whoever looks next after a crash can tell by the rows whether they came
/// in, and writes the books as the stopped run would have done.
/// </summary>
internal sealed record LoadNote
{
    public required string Table { get; init; }

    public required string LoadId { get; init; }

    public required string RunId { get; init; }

    public required DateTimeOffset LoadedAt { get; init; }

    /// <summary>The number that the rows of the load have.</summary>
    public required long Version { get; init; }

    public required VisibleStep Step { get; init; }

    /// <summary>What was done, but for the number of rows in the table, which is counted then.</summary>
    public required LoadResult Result { get; init; }

    public required LedgerLine Ledger { get; init; }

    public TableState? State { get; init; }

    public required IReadOnlyList<MappedColumn> Mapping { get; init; }
}
