using Sluice.Engine;

namespace Sluice.Destinations.ClickHouse;

/// <summary>A schema on a server, with the statements that work there.</summary>
internal sealed class ClickHousePlace(ClickHouseClient client, string schema)
{
    private bool? _exchanges;

    public ClickHouseClient Client { get; } = client;

    public ClickHouseSchema Schema { get; } = new(client.Address, schema);

    public ClickHouseDdl Ddl { get; } = new(client.Version, client.Address.Cluster);

    /// <summary>Makes the database and the books unless they are there.</summary>
    public async Task CreateAsync(CancellationToken cancel)
    {
        if (Client.Address.Cluster is { } cluster)
        {
            await RequireOneShardAsync(cluster, cancel);
        }

        // Who may not make databases can still use one.
        if (await Client.CountAsync("SELECT count() FROM system.databases WHERE name = {database:String}", cancel, ("database", Schema.Database)) == 0)
        {
            await Client.RunAsync(Ddl.CreateDatabase(Schema.Database), cancel);
        }

        foreach (var statement in BookTables.Create(this))
        {
            await Client.RunAsync(statement, cancel);
        }
    }

    /// <summary>Reads a table of the schema; null when it is not there.</summary>
    public Task<ClickHouseTable?> ReadAsync(string table, CancellationToken cancel) => ClickHouseTable.ReadAsync(Client, Schema, Schema.Bare(table), cancel);

    /// <summary>The names of the database's tables, not quoted.</summary>
    public async Task<IReadOnlySet<string>> TablesAsync(CancellationToken cancel) =>
        (await Client.RowsAsync("SELECT name FROM system.tables WHERE database = {database:String}", cancel, ("database", Schema.Database)))
            .Select(row => row[0]!).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether two tables can change places in one step, which is the database engine's doing.</summary>
    public async Task<bool> ExchangesAsync(CancellationToken cancel) => _exchanges ??= Client.Version.IsModern && await Client.CountAsync(
        "SELECT count() FROM system.databases WHERE name = {database:String} AND engine NOT IN ('Ordinary', 'Memory', 'Lazy')", cancel, ("database", Schema.Database)) > 0;

    private async Task RequireOneShardAsync(string cluster, CancellationToken cancel)
    {
        var shards = await Client.CountAsync("SELECT toInt64(max(shard_num)) FROM system.clusters WHERE cluster = {cluster:String}", cancel, ("cluster", cluster));
        if (shards == 0)
        {
            var known = await Client.RowsAsync("SELECT DISTINCT cluster FROM system.clusters ORDER BY cluster", cancel);
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{Client.Address} knows no cluster {cluster}.",
                known.Count == 0 ? "It knows none: leave ?cluster= out." : $"Known are: {string.Join(", ", known.Select(row => row[0]))}.");
        }

        if (shards > 1)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"The cluster {cluster} has {shards} shards; Sluice writes to all replicas of one shard.",
                "Name a cluster of one shard, or leave ?cluster= out and spread the rows from there with a Distributed table.");
        }
    }
}
