using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Engine.DuckDb;
using Sluice.Writes.Import;
using Sluice.Writes.Operations;
using Sluice.Writes.Statements;

namespace Sluice.Writes.Push;

/// <summary>What differs between the source and what was pushed before. DuckDB compares the fingerprints, so that any number of rows fits.</summary>
internal sealed class PushChanges(PushStore store, PushSettings settings)
{
    private const string Vanished = "FROM sent s ANTI JOIN now n USING (key)";

    private readonly PushMode _mode = settings.ModeOrDefault;

    /// <summary>What sends a row that was sent before: a value that has changed, or because it was said.</summary>
    private string IsSent => settings.IsFullRefresh ? "true"
        : _mode == PushMode.Append ? "s.key IS NULL"
        : "(s.key IS NULL OR s.fingerprint <> n.fingerprint)";

    /// <summary>Leaves one row of each key: of equal ones the first, of others none, for nobody can say which one is meant.</summary>
    public async Task RefuseDoublesAsync(string nameOfKey, RejectFile rejects, CancellationToken cancel)
    {
        await store.RunAsync(
            """
            CREATE OR REPLACE TEMP TABLE doubles AS SELECT key, count(*) AS rows, min(start) AS first, min(fingerprint) <> max(fingerprint) AS differ
            FROM now WHERE fingerprint IS NOT NULL GROUP BY key HAVING count(*) > 1
            """,
            cancel);
        var differing = await store.ListAsync(
            "SELECT n.file, n.line, d.rows, key FROM now n JOIN doubles d USING (key) WHERE d.differ AND n.fingerprint IS NOT NULL ORDER BY n.start",
            row => (File: row.GetInt32(0), Line: row.GetInt64(1), Rows: row.GetInt64(2), Key: row.GetString(3)),
            cancel);
        foreach (var (file, line, rows, key) in differing)
        {
            var reason = $"names {rows} rows with different values, of which none is sent";
            rejects.Add(file, line, nameOfKey, reason, SourceRows.Shown(key));
        }

        await store.RunAsync("UPDATE now SET fingerprint = NULL WHERE key IN (SELECT key FROM doubles WHERE differ)", cancel);
        await store.RunAsync("DELETE FROM now USING doubles d WHERE now.key = d.key AND NOT d.differ AND now.start <> d.first", cancel);
    }

    public async Task<PushCounts> CountAsync(CancellationToken cancel)
    {
        var counts = (await store.ListAsync(
            """
            SELECT count(*) FILTER (WHERE s.key IS NULL), count(*) FILTER (WHERE s.fingerprint <> n.fingerprint), count(*)
            FROM now n LEFT JOIN sent s USING (key) WHERE n.fingerprint IS NOT NULL
            """,
            row => (New: row.GetInt64(0), Changed: row.GetInt64(1), All: row.GetInt64(2)),
            cancel))[0];
        return new PushCounts(
            counts.New, counts.Changed, counts.All - counts.New - counts.Changed, await store.CountAsync($"SELECT count(*) {Vanished}", cancel),
            await store.KnownAsync(cancel));
    }

    /// <summary>Makes the list of what is to be sent: first what is removed, so that nothing new meets it.</summary>
    /// <param name="isWhole">Whether all rows are sent as soon as one differs.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task ListAsync(bool isWhole, CancellationToken cancel)
    {
        // Without an order of their own the rows are numbered as they come: to sort ten million of them would take more than all the rest.
        await store.RunAsync(
            $"""
            CREATE OR REPLACE TABLE pending AS
            SELECT row_number() OVER () AS n, true AS is_removal, 0 AS file, 0::BIGINT AS line, s.key, s.fingerprint, s.filled, s.item,
                0::BIGINT AS start, 0 AS length
            {Vanished} WHERE {(_mode == PushMode.Mirror ? "true" : "false")}
            """,
            cancel);
        await AddToListAsync($"now n LEFT JOIN sent s USING (key) WHERE n.fingerprint IS NOT NULL AND {(isWhole ? "true" : IsSent)}", cancel);
    }

    /// <summary>Makes the list of what was sent and is still so in the source, to be read back.</summary>
    public async Task ListUnchangedAsync(CancellationToken cancel)
    {
        await store.RunAsync(
            "CREATE OR REPLACE TABLE pending AS SELECT 0::BIGINT AS n, false AS is_removal, * FROM now LIMIT 0", cancel);
        await AddToListAsync(
            "now n JOIN sent s USING (key) WHERE n.fingerprint IS NOT NULL AND s.fingerprint = n.fingerprint AND s.journal IS NULL", cancel);
    }

    private async Task AddToListAsync(string rows, CancellationToken cancel)
    {
        var listed = await store.CountAsync("SELECT count(*) FROM pending", cancel);
        await store.RunAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                INSERT INTO pending SELECT {listed} + row_number() OVER (), false, n.* FROM {rows}
                """),
            cancel);
    }

    /// <summary>Rows of the list.</summary>
    public Task<long> ListedAsync(bool isRemoval, CancellationToken cancel) =>
        store.CountAsync($"SELECT count(*) FROM pending WHERE is_removal = {isRemoval}", cancel);

    /// <summary>Changed rows that have fewer values than when they were sent.</summary>
    public Task<long> EmptiedAsync(CancellationToken cancel) => store.CountAsync(
        """
        SELECT count(*) FROM pending p JOIN sent s USING (key)
        WHERE NOT p.is_removal AND s.fingerprint <> p.fingerprint AND p.filled < s.filled
        """,
        cancel);

    /// <summary>The first rows of each kind, with what they were.</summary>
    /// <param name="removal">What is done with rows that are gone; null where nothing is sent for them.</param>
    /// <param name="most">How many of each kind.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<IReadOnlyList<PushSample>> SamplesAsync(Operation? removal, int most, CancellationToken cancel)
    {
        var samples = new List<PushSample>();
        var kinds = new[]
        {
            ("new", "s.key IS NULL"),
            ("changed", "NOT p.is_removal AND s.fingerprint <> p.fingerprint"),
            ("again", "NOT p.is_removal AND s.fingerprint = p.fingerprint"),
            ("gone", removal is null ? "false" : "p.is_removal"),
        };
        foreach (var (what, where) in kinds)
        {
            // What was sent is looked up afterwards: a join would carry it for all rows.
            var rows = await store.ListAsync(
                $"SELECT p.n, p.key FROM pending p LEFT JOIN sent s USING (key) WHERE {where} ORDER BY p.n LIMIT {most}",
                row => (Number: row.GetInt64(0), Key: DuckDBLiteral.Quote(row.GetString(1))),
                cancel);
            foreach (var (number, key) in rows)
            {
                var item = (await new PendingBatches(store).RowsAsync(number, number, what == "gone", cancel))[0].Item;
                samples.Add(what switch
                {
                    "changed" => new PushSample(what, item, Differences(await SentAsync(key, cancel), item)),
                    "gone" => new PushSample(what, Encoding.UTF8.GetString(RemovedItem.Write(removal!, item).Span), []),
                    _ => new PushSample(what, item, []),
                });
            }
        }

        return samples;
    }

    private async Task<string?> SentAsync(string key, CancellationToken cancel) =>
        (await store.ListAsync($"SELECT item FROM sent WHERE key = {key}", row => row.IsDBNull(0) ? null : row.GetString(0), cancel))[0];

    // Of long rows it is not kept what they were.
    private static IReadOnlyList<ValueChange> Differences(string? before, string after)
    {
        if (before is null || ValuesOf(before) is not { } old || ValuesOf(after) is not { } now)
        {
            return [];
        }

        return
        [
            .. now.Where(one => !JsonNode.DeepEquals(one.Value, old[one.Key]) || !old.ContainsKey(one.Key))
                .Select(one => new ValueChange(one.Key, old[one.Key], one.Value)),
        ];
    }

    private static JsonObject? ValuesOf(string item) => JsonNode.Parse(item) is not JsonObject json ? null
        : json["identifiers"] is null ? json
        : (json["attributes"] ?? json["cio_relationships"]?[0]?["relationship_attributes"]) as JsonObject;
}

/// <summary>How many rows differ from those that were pushed before.</summary>
/// <param name="New">Rows whose key was not pushed before.</param>
/// <param name="Changed">Rows that were pushed with other values.</param>
/// <param name="Unchanged">Rows that were pushed as they are.</param>
/// <param name="Vanished">Keys that were pushed before and are no longer in the source.</param>
/// <param name="Known">Keys that were pushed before.</param>
public sealed record PushCounts(long New, long Changed, long Unchanged, long Vanished, long Known);

/// <summary>A row as it would be sent.</summary>
/// <param name="What">new, changed, again (sent although it has not changed) or gone.</param>
/// <param name="Item">What is sent for it.</param>
/// <param name="Changes">Of a changed one what was sent before and what is now.</param>
public sealed record PushSample(string What, string Item, IReadOnlyList<ValueChange> Changes);
