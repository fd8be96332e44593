using Sluice.Engine.Load;

namespace Sluice.ServerTests.Destinations;

public sealed class DuckDbComplianceTests : DestinationCompliance
{
    protected override bool StagesElsewhere => false;

    protected override CommentClient Comments => new(
        sql => Task.FromResult(((FilePlace)Place).AskDuckDb(sql)),
        table => $"""
            SELECT hex(concat_ws('|', (SELECT comment FROM duckdb_tables() WHERE schema_name = 'crm' AND table_name = '{table}'),
              (SELECT string_agg(comment, '|' ORDER BY column_index) FROM duckdb_columns()
               WHERE schema_name = 'crm' AND table_name = '{table}' AND column_name IN ('name', '_sluice_loaded_at'))))
            """,
        (table, comment) => $"COMMENT ON TABLE crm.{table} IS '{comment}'");

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("duckdb");

    // One process has a DuckDB file open at a time, and one instance of the engine in it.
    protected override Task<IDestination> OpenReaderAsync(IDestination writer) => Task.FromResult<IDestination>(new BorrowedDestination(writer));
}
