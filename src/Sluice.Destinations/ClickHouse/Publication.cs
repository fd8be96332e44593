using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.ClickHouse;

/// <summary>One try to bring a load's rows into a table: what its parts have in common.</summary>
/// <param name="Place">The schema.</param>
/// <param name="Target">The load.</param>
/// <param name="Tables">The tables of this try.</param>
/// <param name="Staged">The rows.</param>
/// <param name="Version">The number that the rows of this load have; higher than all before.</param>
internal sealed record Publication(ClickHousePlace Place, LoadTarget Target, WorkTables Tables, StagedTable Staged, long Version)
{
    public ClickHouseClient Client => Place.Client;

    public Upload Upload { get; } = new(Place.Client, Staged);

    /// <summary>The columns of ClickHouse's own that tell rows apart, in tables that this version makes.</summary>
    public IReadOnlyList<ClickHouseColumn> Hidden =>
    [
        new(ClickHouseTable.Row, "UInt64"), new(ClickHouseTable.Version, "UInt64"), .. Client.Version.IsModern ? [new ClickHouseColumn(ClickHouseTable.IsDeleted, "UInt8")] : Array.Empty<ClickHouseColumn>(),
    ];

    /// <summary>Puts the made table in the place of the live one, in one step where the server can.</summary>
    /// <param name="made">The table that takes the place.</param>
    /// <param name="hasLive">Whether there is one to change places with.</param>
    /// <param name="cancel">Not looked at any more once the server has been asked.</param>
    public async Task ExchangeAsync(string made, bool hasLive, CancellationToken cancel)
    {
        var isAtomic = await Place.ExchangesAsync(cancel);
        cancel.ThrowIfCancellationRequested();
        var sql = hasLive ? Place.Ddl.Exchange(made, Tables.Live, Tables.Aside, isAtomic) : Place.Ddl.Rename(made, Tables.Live);
        await Client.RunAsync(sql, CancellationToken.None);
    }
}
