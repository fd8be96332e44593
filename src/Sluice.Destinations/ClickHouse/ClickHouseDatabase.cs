using Sluice.Engine;
using Sluice.Engine.Load;

namespace Sluice.Destinations.ClickHouse;

/// <summary>A schema on a server: its database, and the statements that work there.</summary>
internal sealed class ClickHouseDatabase(ClickHouseServer server, string schema)
{
    public ClickHouseServer Server { get; } = server;

    public ClickHouseSchema Schema { get; } = new(server.Address, schema);

    public ClickHouseDdl Ddl { get; } = new(server.Address.Cluster);

    /// <summary>Makes the database and the system tables unless they are there.</summary>
    public async Task CreateAsync(CancellationToken cancel)
    {
        if (Server.Address.Cluster is { } cluster)
        {
            await RequireOneShardAsync(cluster, cancel);
        }

        // Who may not make databases can still use one.
        if (
            await Server.CountAsync("SELECT count() FROM system.databases WHERE name = {database:String}", cancel, ("database", Schema.Database)) == 0
        )
        {
            await Server.RunAsync(Ddl.CreateDatabase(Schema.Database), cancel);
        }

        foreach (var statement in SystemTables.Create(this))
        {
            await Server.RunAsync(statement, cancel);
        }

        // The table of an earlier version lacks what was added since.
        var there = await ReadAsync(SystemTable.Mapping.Name, cancel);
        foreach (var column in SystemTables.MappingColumns.Where(column => there?.Has(column.Name) == false))
        {
            await Server.RunAsync(Ddl.AddColumn(Schema.Name(SystemTable.Mapping.Name), column), cancel);
        }
    }

    /// <summary>Reads a table of the schema; null when it is not there.</summary>
    public Task<ClickHouseTable?> ReadAsync(string table, CancellationToken cancel) =>
        ClickHouseTable.ReadAsync(Server, Schema, Schema.Bare(table), cancel);

    /// <summary>The names of the database's tables, not quoted.</summary>
    public async Task<IReadOnlySet<string>> TablesAsync(CancellationToken cancel) =>
        (await Server.ListAsync(
            "SELECT name FROM system.tables WHERE database = {database:String}", row => row.GetString(0), cancel, ("database", Schema.Database)))
            .ToHashSet(StringComparer.Ordinal);

    private async Task RequireOneShardAsync(string cluster, CancellationToken cancel)
    {
        var shards = await Server.CountAsync(
            "SELECT max(shard_num) FROM system.clusters WHERE cluster = {cluster:String}", cancel, ("cluster", cluster));
        if (shards == 0)
        {
            var known = await Server.ListAsync("SELECT DISTINCT cluster FROM system.clusters ORDER BY cluster", row => row.GetString(0), cancel);
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{Server.Address} knows no cluster {cluster}.",
                known.Count == 0 ? "It knows none: leave ?cluster= out." : $"Known are: {string.Join(", ", known)}.");
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
