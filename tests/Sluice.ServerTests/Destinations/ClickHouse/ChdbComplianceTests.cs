using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Destinations.ClickHouse;

/// <summary>Today's engine.</summary>
public sealed class ChdbComplianceTests : ServerCompliance
{
    protected override (DateTimeOffset First, DateTimeOffset Last) Times =>
        (new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2299, 12, 31, 23, 59, 59, TimeSpan.Zero));

    protected override CommentClient Comments => new(
        sql => ((ClickHouseTestPlace)Place).Database.QueryAsync(sql),
        table => $"""
            SELECT hex(arrayStringConcat(groupArray(comment), '|')) FROM (
              SELECT 0 AS position, comment FROM system.tables WHERE database = currentDatabase() AND name = 'crm___{table}'
              UNION ALL
              SELECT position, comment FROM system.columns
              WHERE database = currentDatabase() AND table = 'crm___{table}' AND name IN ('name', '_sluice_loaded_at') ORDER BY position)
            """,
        (table, comment) => $"ALTER TABLE crm___{table} MODIFY COMMENT '{comment}'");

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => ClickHouseTestPlace.NewAsync<ChdbServer>();
}
