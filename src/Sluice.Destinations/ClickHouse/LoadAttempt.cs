using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.ClickHouse;

/// <summary>One try to bring a load's rows into a table: what its parts have in common.</summary>
/// <param name="Database">The schema.</param>
/// <param name="Target">The load.</param>
/// <param name="Tables">The tables of this try.</param>
/// <param name="Staged">The rows.</param>
/// <param name="Version">The number that the rows of this load have; higher than all before.</param>
internal sealed record LoadAttempt(ClickHouseDatabase Database, LoadTarget Target, ScratchTables Tables, StagedTable Staged, long Version)
{
    public ClickHouseServer Server => Database.Server;

    public ParquetUpload Upload { get; } = new(Database.Server, Staged);

    /// <summary>The columns of ClickHouse's own that tell rows apart.</summary>
    public static IReadOnlyList<ClickHouseColumn> Hidden { get; } =
        [new(ClickHouseTable.Row, "UInt64"), new(ClickHouseTable.Version, "UInt64"), new(ClickHouseTable.IsDeleted, "UInt8")];

    /// <summary>Puts the made table in the place of the live one, in one step.</summary>
    /// <param name="made">The table that takes the place.</param>
    /// <param name="hasLive">Whether there is one to change places with.</param>
    /// <param name="cancel">Not looked at any more once the server has been asked.</param>
    public async Task ExchangeAsync(string made, bool hasLive, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        await Server.RunAsync(hasLive ? Database.Ddl.Exchange(made, Tables.Live) : Database.Ddl.Rename(made, Tables.Live), CancellationToken.None);
    }
}
