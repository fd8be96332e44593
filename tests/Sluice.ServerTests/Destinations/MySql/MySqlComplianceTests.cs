using Xunit;

namespace Sluice.ServerTests.Destinations.MySql;

// Long, for what it shares with PostgreSQL and ClickHouse they keep in minutes; what is MySQL's own is in MySqlTableTests.
[Trait("length", "long")]
public sealed class MySqlComplianceTests : ServerCompliance
{
    protected override (DateTimeOffset First, DateTimeOffset Last) Times =>
        (new DateTimeOffset(1000, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero));

    protected override CommentClient Comments => new(
        ((MySqlPlace)Place).Database.QueryAsync,
        table => $"""
            SELECT hex(concat_ws('|', table_comment, (
              SELECT group_concat(column_comment ORDER BY ordinal_position SEPARATOR '|') FROM information_schema.columns c
              WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name AND column_name IN ('name', '_sluice_loaded_at'))))
            FROM information_schema.tables t WHERE table_schema = database() AND table_name = 'crm___{table}'
            """,
        (table, comment) => $"ALTER TABLE crm___{table} COMMENT = '{comment}'");

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("mysql");
}
