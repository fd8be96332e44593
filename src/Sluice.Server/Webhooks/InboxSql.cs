using System.Data.Common;
using Dapper;
using Sluice.Engine.Webhooks;
using Sluice.Server.Control;

namespace Sluice.Server.Webhooks;

/// <summary>The tables of an inbox and the statements on them, the same in SQLite and PostgreSQL but for some types.</summary>
internal static class InboxSql
{
    /// <summary>Makes the tables in SQLite.</summary>
    public static readonly string Sqlite = Tables("INTEGER PRIMARY KEY AUTOINCREMENT", "BLOB");

    /// <summary>Makes the tables in PostgreSQL, where two nodes may do so at once.</summary>
    public static readonly string Postgres = $"""
        BEGIN;
        SELECT pg_advisory_xact_lock(hashtext('sluice_inbox'));
        {Tables("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "BYTEA")}
        COMMIT;
        """;

    /// <summary>The events that a destination does not have.</summary>
    public const string Take = """
        SELECT number AS Number, event_id AS EventId, received_at AS ReceivedAt, masks AS Masks, body AS Body, copies AS Copies FROM inbox
        WHERE workspace = @Workspace
          AND NOT EXISTS (SELECT 1 FROM inbox_done AS done WHERE done.number = inbox.number AND done.destination = @Destination)
        ORDER BY number LIMIT @Most
        """;

    /// <summary>The drafts that made no row.</summary>
    public const string Drafts = """
        SELECT event_id AS EventId, received_at AS ReceivedAt, masks AS Masks, body AS Body FROM inbox_drafts
        WHERE workspace = @Workspace ORDER BY received_at
        """;

    /// <summary>How many events of which workspace wait, and since when.</summary>
    public const string Depths = """
        SELECT first.workspace, depth.events, first.received_at
        FROM (SELECT count(*) AS events, min(number) AS number FROM inbox GROUP BY workspace) AS depth
            JOIN inbox AS first ON first.number = depth.number
        ORDER BY first.workspace
        """;

    private const string Insert = """
        INSERT INTO inbox (workspace, event_id, received_at, masks, body, copies) VALUES (@Workspace, @EventId, @ReceivedAt, @Masks, @Body, 1)
        ON CONFLICT (workspace, event_id) DO NOTHING
        """;

    private const string Again = "UPDATE inbox SET copies = copies + 1 WHERE workspace = @Workspace AND event_id = @EventId";

    private const string KeepDraft = """
        INSERT INTO inbox_drafts (workspace, event_id, received_at, masks, body) VALUES (@Workspace, @EventId, @ReceivedAt, @Masks, @Body)
        ON CONFLICT (workspace, event_id) DO NOTHING
        """;

    private const string Note = """
        INSERT INTO inbox_done (number, destination) SELECT number, @Destination FROM inbox WHERE number IN @Numbers
        ON CONFLICT (number, destination) DO NOTHING
        """;

    private const string RemoveDone = """
        DELETE FROM inbox WHERE number IN @Numbers AND @Most <= (
          SELECT count(*) FROM inbox_done AS done WHERE done.number = inbox.number AND done.destination IN @Destinations)
        """;

    private const string Forget = """
        DELETE FROM inbox_done WHERE number IN @Numbers AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.number = inbox_done.number)
        """;

    /// <summary>Adds an event; tells whether it is new.</summary>
    public static async Task<bool> AddAsync(DbConnection connection, DbTransaction transaction, string workspace, ReceivedEvent received)
    {
        var row = RowOf(workspace, received);
        if (await connection.ExecuteAsync(Insert, row, transaction) > 0)
        {
            return true;
        }

        await connection.ExecuteAsync(Again, row, transaction);
        return false;
    }

    /// <summary>Notes that a destination has events, and removes those that all have.</summary>
    public static async Task<bool> DoneAsync(DbConnection connection, DbTransaction transaction, FoldedEvents done, long draftsBefore)
    {
        foreach (var draft in done.Events.Where(one => done.DraftsAlone.Contains(one.Event.EventId)))
        {
            await connection.ExecuteAsync(KeepDraft, RowOf(done.Workspace, draft.Event), transaction);
        }

        await connection.ExecuteAsync("DELETE FROM inbox_drafts WHERE received_at < @Before", new { Before = draftsBefore }, transaction);
        var values = new
        {
            Numbers = done.Events.Select(one => one.Number).ToList(),
            done.Destination,
            done.Destinations,
            Most = done.Destinations.Count,
        };
        if (done.Destinations.Count == 1)
        {
            await connection.ExecuteAsync(connection.In("DELETE FROM inbox WHERE number IN @Numbers"), values, transaction);
            return true;
        }

        await connection.ExecuteAsync(connection.In(Note), values, transaction);
        await connection.ExecuteAsync(connection.In(RemoveDone), values, transaction);
        await connection.ExecuteAsync(connection.In(Forget), values, transaction);
        return true;
    }

    private static object RowOf(string workspace, ReceivedEvent received) => new
    {
        Workspace = workspace,
        received.EventId,
        ReceivedAt = received.ReceivedAt.ToUnixTimeMilliseconds(),
        received.Masks,
        Body = received.Body.ToArray(),
    };

    private static string Tables(string number, string bytes) => $"""
        CREATE TABLE IF NOT EXISTS inbox (number {number}, workspace TEXT NOT NULL, event_id TEXT NOT NULL, received_at BIGINT NOT NULL,
          masks TEXT NOT NULL, body {bytes} NOT NULL, copies BIGINT NOT NULL, UNIQUE (workspace, event_id));
        CREATE TABLE IF NOT EXISTS inbox_done (number BIGINT NOT NULL, destination TEXT NOT NULL, PRIMARY KEY (number, destination));
        CREATE TABLE IF NOT EXISTS inbox_drafts (workspace TEXT NOT NULL, event_id TEXT NOT NULL, received_at BIGINT NOT NULL, masks TEXT NOT NULL,
          body {bytes} NOT NULL, PRIMARY KEY (workspace, event_id));
        """;
}

/// <summary>A row of the inbox.</summary>
internal sealed class InboxRow
{
    public long Number { get; init; }

    public string EventId { get; init; } = "";

    public long ReceivedAt { get; init; }

    public string Masks { get; init; } = "";

    public byte[] Body { get; init; } = [];

    public long Copies { get; init; } = 1;

    public WaitingEvent ToEvent() =>
        new(Number, new ReceivedEvent(EventId, DateTimeOffset.FromUnixTimeMilliseconds(ReceivedAt), Body, Masks) { Copies = checked((int)Copies) });
}
