using System.Data.Common;
using Sluice.Destinations.Merge;
using Sluice.Engine;

namespace Sluice.Destinations.Postgres;

/// <summary>A PostgreSQL database.</summary>
internal sealed class PostgresDestination : RelationalDestination
{
    private const long OldestVersion = 120_000;
    private const string EndSessions = """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE application_name = @name AND datname = current_database() AND usename = current_user
        """;

    private readonly PostgresDatabase _database;
    private readonly PostgresAddress _address;
    private readonly TableLocks _locks;

    private PostgresDestination(PostgresAddress address, PostgresDatabase database)
        : base(database)
    {
        _address = address;
        _database = database;
        _locks = new TableLocks(database);
    }

    public override string Name => _address.ToString();

    public override Task LockAsync(string schema, string table, CancellationToken cancel) => _database.TryAsync(
        $"Locking {schema}.{table}",
        async () =>
        {
            await _locks.TakeAsync(schema, table, cancel);
            return true;
        },
        cancel);

    public override Task EndFormerRunAsync(string runId, CancellationToken cancel) => _database.TryAsync(
        $"Ending what the run {runId} holds",
        async () =>
        {
            await using var session = await _database.OpenAsync(cancel);
            return await session.ScalarAsync(EndSessions, cancel, ("name", PostgresAddress.ApplicationOf(runId)));
        },
        cancel);

    public static async Task<PostgresDestination> OpenAsync(string uri, CancellationToken cancel)
    {
        var address = PostgresAddress.Parse(uri);
        var database = new PostgresDatabase(address);
        try
        {
            await database.ConnectAsync(cancel);
            return new PostgresDestination(address, database);
        }
        catch (DbException error)
        {
            await database.DisposeAsync();
            throw PostgresErrors.Explain("Connecting", address, error);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _locks.DisposeAsync();
        await base.DisposeAsync();
    }

    public override async Task<string> CheckAsync(CancellationToken cancel)
    {
        try
        {
            await using var session = await _database.OpenAsync(cancel);
            if (await session.ScalarAsync("SELECT current_setting('server_version_num')::bigint", cancel) < OldestVersion)
            {
                throw new SluiceException(SluiceErrorKind.Destination, $"{Name} is older than PostgreSQL 12.", "Use PostgreSQL 12 or newer.");
            }

            if (
                await session.ScalarAsync(
                    "SELECT CASE WHEN pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' THEN 1 ELSE 0 END",
                    cancel
                ) == 1)
            {
                throw new SluiceException(
                    SluiceErrorKind.Destination,
                    $"{Name} takes no writes; it is a standby or read-only.",
                    "Name the primary, or several hosts with target_session_attrs=read-write.");
            }

            await RequireRightsAsync(session, cancel);
            var found = await session.ListAsync(
                "SELECT current_setting('server_version'), (SELECT count(*) FROM pg_stat_user_tables)",
                row => $"PostgreSQL {row.GetString(0)}, {row.GetInt64(1)} tables, writable{_database.Encoding}",
                cancel);
            return found[0];
        }
        catch (DbException error)
        {
            throw PostgresErrors.Explain("Checking", _address, error);
        }
    }

    // Rows can be written where a schema can be made, or where one is that tables can be made in; all but the first load of a table need temporary
    // ones.
    private async Task RequireRightsAsync(DbSession session, CancellationToken cancel)
    {
        var (database, user) = (PostgresDialect.Quoted(_address.Connection.Database!), PostgresDialect.Quoted(_address.Connection.Username!));
        if (await session.ScalarAsync("SELECT has_database_privilege(current_database(), 'TEMPORARY')::int", cancel) == 0)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{Name} does not let {user} make temporary tables.",
                $"An administrator gives the right with: GRANT TEMPORARY ON DATABASE {database} TO {user};");
        }

        var places = await session.ScalarAsync(
            """
            SELECT has_database_privilege(current_database(), 'CREATE')::int + (
              SELECT count(*) FROM pg_namespace
              WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema' AND has_schema_privilege(oid, 'CREATE'))
            """,
            cancel);
        if (places == 0)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{Name} does not let {user} make schemas, and there is no schema that {user} can make tables in.",
                $"An administrator gives the right with: GRANT CREATE ON DATABASE {database} TO {user}; or: CREATE SCHEMA customerio " +
                    $"AUTHORIZATION {user};"
            );
        }
    }
}
