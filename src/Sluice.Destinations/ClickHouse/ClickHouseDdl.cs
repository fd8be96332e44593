using Sluice.Engine.Load;

namespace Sluice.Destinations.ClickHouse;

/// <summary>The statements that make, change and exchange tables, on one server or on a cluster.</summary>
internal sealed class ClickHouseDdl(string? cluster)
{
    // The path has the table's own number: a name would belong to another table after an exchange.
    private const string Replica = "'/clickhouse/tables/{uuid}/{shard}', '{replica}'";

    private const string Newest = $"{ClickHouseTable.Version}, {ClickHouseTable.IsDeleted}";
    private const string NullableKey = "SETTINGS allow_nullable_key = 1";

    /// <summary>What follows a name so that all servers of the cluster do the same; nothing without a cluster.</summary>
    public string OnCluster => cluster is null ? "" : $" ON CLUSTER {ClickHouseText.Quote(cluster)}";

    public string CreateDatabase(string database) => $"CREATE DATABASE IF NOT EXISTS {ClickHouseText.Quote(database)}{OnCluster}";

    /// <summary>A table of rows that readers see: of the rows of one key, the newest counts.</summary>
    /// <param name="name">Its name, quoted.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="key">Those by which a row is known.</param>
    /// <param name="docs">What the table and its columns mean.</param>
    public string CreateRows(string name, IReadOnlyList<ClickHouseColumn> columns, IReadOnlyList<ClickHouseColumn> key, TableDocs docs)
    {
        var order = string.Join(", ", key.Select(column => column.Quoted).Append(ClickHouseTable.Row));
        var defined = string.Join(
            ", ", columns.Select(column => $"{column.Quoted} {column.Type}{Comment(docs.Columns.GetValueOrDefault(column.Name))}"));
        return $"CREATE TABLE {name}{OnCluster} ({defined}) ENGINE = {Engine("ReplacingMergeTree", Newest)} ORDER BY ({order}) " +
            $"{NullableKey}{Comment(docs.Table)}";
    }

    /// <summary>Comments a table, unless that is empty, and columns.</summary>
    public string AddComments(string table, TableDocs docs)
    {
        var changes = docs.Columns.Select(column => $"COMMENT COLUMN {ClickHouseText.Quote(column.Key)} {ClickHouseText.Literal(column.Value)}");
        return $"ALTER TABLE {table}{OnCluster} " + string.Join(
            ", ", docs.Table.Length == 0 ? changes : changes.Prepend($"MODIFY COMMENT {ClickHouseText.Literal(docs.Table)}"));
    }

    /// <summary>A system table.</summary>
    /// <param name="name">Its name, quoted.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="key">What a row is known by, in SQL.</param>
    /// <param name="newest">The column whose highest value counts, or nothing for the row that came last.</param>
    public string CreateSystemTable(string name, IReadOnlyList<ClickHouseColumn> columns, string key, string newest) =>
        $"CREATE TABLE IF NOT EXISTS {name}{OnCluster} ({Define(columns)}) ENGINE = {Engine("ReplacingMergeTree", newest)} ORDER BY ({key})";

    /// <summary>A table whose comment says who writes another one; making it succeeds for one writer.</summary>
    public string CreateLock(string name, string owner) =>
        $"CREATE TABLE {name}{OnCluster} (at DateTime) ENGINE = {Engine("MergeTree", "")} ORDER BY at COMMENT {ClickHouseText.Literal(owner)}";

    /// <summary>A table for rows on their way; it is on this server alone.</summary>
    public static string CreateHeap(string name, IReadOnlyList<ClickHouseColumn> columns) =>
        $"CREATE TABLE {name} ({Define(columns)}) ENGINE = MergeTree ORDER BY tuple()";

    /// <summary>An empty table like another one, whose rows that one can take over as they lie on disk; on this server alone.</summary>
    public string CreateDelta(string name, ClickHouseTable like)
    {
        var order = string.Join(", ", like.SortingKey.Select(ClickHouseText.Quote));
        return cluster is null
            ? $"CREATE TABLE {name} AS {like.Name}"
            : $"CREATE TABLE {name} ({Define(like.Columns)}) ENGINE = ReplacingMergeTree({Newest}) ORDER BY ({order}) {NullableKey}";
    }

    public string AddColumn(string table, ClickHouseColumn column) =>
        $"ALTER TABLE {table}{OnCluster} ADD COLUMN IF NOT EXISTS {column.Quoted} {column.Type}";

    public string ChangeType(string table, ClickHouseColumn column) => $"ALTER TABLE {table}{OnCluster} MODIFY COLUMN {column.Quoted} {column.Type}";

    public string Drop(string name) => $"DROP TABLE IF EXISTS {name}{OnCluster} SYNC";

    public string Rename(string from, string to) => $"RENAME TABLE {from} TO {to}{OnCluster}";

    /// <summary>Puts a new table in the place of an old one in one step; the old one has the new one's name then.</summary>
    public string Exchange(string made, string live) => $"EXCHANGE TABLES {made} AND {live}{OnCluster}";

    private static string Define(IEnumerable<ClickHouseColumn> columns) =>
        string.Join(", ", columns.Select(column => $"{column.Quoted} {column.Type}"));

    private static string Comment(string? text) => string.IsNullOrEmpty(text) ? "" : $" COMMENT {ClickHouseText.Literal(text)}";

    private string Engine(string kind, string arguments) => cluster is null
        ? $"{kind}({arguments})"
        : $"Replicated{kind}({Replica}{(arguments.Length > 0 ? ", " : "")}{arguments})";
}
