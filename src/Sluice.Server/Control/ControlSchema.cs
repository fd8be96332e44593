using Dapper;
using Sluice.Engine;

namespace Sluice.Server.Control;

/// <summary>The tables of the control database, by versions: each list of statements leads from the version before it to the next.</summary>
internal static class ControlSchema
{
    // The same statements in SQLite and PostgreSQL: TEXT, BIGINT and keys are all that is needed.
    private static readonly IReadOnlyList<IReadOnlyList<string>> Versions = [[.. Schedules, .. Runs, .. Nodes, .. Settings, .. People]];

    // When: the times at which something was due, each with what became of it.
    private static IEnumerable<string> Schedules =>
    [
        "CREATE TABLE schedules (name TEXT PRIMARY KEY, expression TEXT NOT NULL, settled_until BIGINT NOT NULL, changed_at BIGINT NOT NULL)",
        """
        CREATE TABLE due_times (name TEXT NOT NULL, due_at BIGINT NOT NULL, outcome TEXT NOT NULL, note TEXT, request_id TEXT,
            recorded_at BIGINT NOT NULL, PRIMARY KEY (name, due_at))
        """,
        "CREATE TABLE pauses (name TEXT PRIMARY KEY, note TEXT, paused_by TEXT NOT NULL, paused_at BIGINT NOT NULL)",
    ];

    // What: the queue, and what came of it.
    private static IEnumerable<string> Runs =>
    [
        """
        CREATE TABLE run_requests (id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL, due_at BIGINT,
            asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL, attempt BIGINT NOT NULL, not_before BIGINT NOT NULL, options TEXT NOT NULL,
            state TEXT NOT NULL, note TEXT)
        """,
        "CREATE INDEX run_requests_by_state ON run_requests (state, not_before)",
        """
        CREATE TABLE runs (id TEXT PRIMARY KEY, request_id TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, node TEXT NOT NULL,
            reason TEXT NOT NULL, attempt BIGINT NOT NULL, due_at BIGINT, started_at BIGINT NOT NULL, ended_at BIGINT, state TEXT NOT NULL,
            exit_code BIGINT, table_rows BIGINT, requests BIGINT, summary TEXT, report TEXT, progress TEXT,
            cancel_asked_at BIGINT, cancel_asked_by TEXT)
        """,
        "CREATE INDEX runs_by_name ON runs (name, started_at)",
        "CREATE INDEX runs_by_start ON runs (started_at)",
        "CREATE INDEX runs_by_state ON runs (state)",
        // Kept up with each end of a run, so that no page counts runs.
        """
        CREATE TABLE run_days (name TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL, runs BIGINT NOT NULL, failed BIGINT NOT NULL,
            table_rows BIGINT NOT NULL, PRIMARY KEY (name, kind, day))
        """,
        """
        CREATE TABLE run_lasts (name TEXT NOT NULL, kind TEXT NOT NULL, run_id TEXT NOT NULL, success_id TEXT, success_started_at BIGINT,
            failing_since BIGINT, PRIMARY KEY (name, kind))
        """,
    ];

    // Who: nodes, and what each holds.
    private static IEnumerable<string> Nodes =>
    [
        "CREATE TABLE nodes (name TEXT PRIMARY KEY, version TEXT NOT NULL, started_at BIGINT NOT NULL, heartbeat_at BIGINT NOT NULL)",
        """
        CREATE TABLE leases (name TEXT PRIMARY KEY, node TEXT, run_id TEXT, epoch BIGINT NOT NULL, heartbeat_at BIGINT NOT NULL)
        """,
    ];

    // What is set in the browser; a pipeline file is not copied here.
    private static IEnumerable<string> Settings =>
    [
        "CREATE TABLE pipelines (version BIGINT PRIMARY KEY, content TEXT NOT NULL, changed_at BIGINT NOT NULL, changed_by TEXT NOT NULL)",
        "CREATE TABLE secrets (name TEXT PRIMARY KEY, sealed TEXT NOT NULL, changed_at BIGINT NOT NULL, changed_by TEXT NOT NULL)",
        "CREATE TABLE data_protection_keys (name TEXT PRIMARY KEY, sealed TEXT NOT NULL)",
        """
        CREATE TABLE alerts (channel TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, problem TEXT NOT NULL, since BIGINT NOT NULL,
            told_at BIGINT NOT NULL, PRIMARY KEY (channel, name, kind, problem))
        """,
        """
        CREATE TABLE notifications (id TEXT PRIMARY KEY, channel TEXT NOT NULL, facts TEXT NOT NULL, made_at BIGINT NOT NULL, state TEXT NOT NULL,
            attempts BIGINT NOT NULL, not_before BIGINT NOT NULL, tried_at BIGINT, answer TEXT)
        """,
        "CREATE INDEX notifications_by_state ON notifications (state, not_before)",
        "CREATE INDEX notifications_by_channel ON notifications (channel, id)",
    ];

    private static IEnumerable<string> People =>
    [
        """
        CREATE TABLE users (name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT, created_at BIGINT NOT NULL, created_by TEXT NOT NULL,
            stamp TEXT NOT NULL)
        """,
        """
        CREATE TABLE tokens (id TEXT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, scopes TEXT NOT NULL, created_at BIGINT NOT NULL,
            created_by TEXT NOT NULL, expires_at BIGINT, used_at BIGINT)
        """,
        """
        CREATE TABLE audit_trail (id TEXT PRIMARY KEY, at BIGINT NOT NULL, who TEXT NOT NULL, address TEXT, action TEXT NOT NULL, object TEXT,
            detail TEXT)
        """,
    ];

    public static async Task MigrateAsync(ControlDatabase database, CancellationToken cancel)
    {
        if (!database.IsShared)
        {
            await using var connection = await database.ConnectAsync(cancel);
            await connection.ExecuteAsync("PRAGMA journal_mode = WAL");
        }

        await database.ChangeAsync(
            async change =>
            {
                await MigrateAsync(database, change);
                return true;
            },
            cancel);
    }

    private static async Task MigrateAsync(ControlDatabase database, ControlChange change)
    {
        if (database.IsShared)
        {
            // Two nodes that start at once: the second waits and finds everything made.
            await change.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtext('sluice_control'))");
            await change.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {ControlDatabase.SchemaName}");
        }

        await change.ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)");
        var version = await change.FindAsync<long?>("SELECT version FROM schema_version") ?? 0;
        if (version > Versions.Count)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The control database was made by a newer version of Sluice (its tables have version {version}, this one knows {Versions.Count}).",
                "Run that version again, or name another database with --control.");
        }

        foreach (var statement in Versions.Skip((int)version).SelectMany(statements => statements))
        {
            await change.ExecuteAsync(statement);
        }

        await change.ExecuteAsync("DELETE FROM schema_version");
        await change.ExecuteAsync("INSERT INTO schema_version (version) VALUES (@Version)", new { Version = (long)Versions.Count });
    }
}
