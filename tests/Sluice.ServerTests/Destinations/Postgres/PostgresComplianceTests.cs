namespace Sluice.ServerTests.Destinations;

public sealed class PostgresComplianceTests : ServerCompliance
{
    protected override bool HoldsNul => false;

    protected override CommentClient Comments => new(
        ((PostgresPlace)Place).Database.QueryAsync,
        table => $"""
            SELECT encode(convert_to(concat_ws('|', obj_description('crm.{table}'::regclass), (
              SELECT string_agg(col_description(attrelid, attnum), '|' ORDER BY attnum) FROM pg_attribute
              WHERE attrelid = 'crm.{table}'::regclass AND attname IN ('name', '_sluice_loaded_at'))), 'UTF8'), 'hex')
            """,
        (table, comment) => $"COMMENT ON TABLE crm.{table} IS '{comment}'");

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("postgresql");
}
