using Sluice.Destinations.Models;
using Sluice.Destinations.Warehouses.Models;

namespace Sluice.Destinations.Warehouses;

/// <summary>Apache Spark: a table over the folder.</summary>
internal class SparkDialect : WarehouseDialect
{
    public override string Name => "spark";

    public override string Title => "Apache Spark";

    // The metastore's column of names is the narrowest place on the way.
    public override ModelSql Models { get; } = new SparkModelSql();

    protected override int LongestName => 255;

    /// <summary>What addresses of S3 begin with.</summary>
    protected virtual string S3Scheme => "s3a";

    public override IEnumerable<string> Blanks(DdlRequest request) =>
        request.Location.Store == LakeStore.AzureBlob ? [.. base.Blanks(request), "ACCOUNT"] : base.Blanks(request);

    public override IEnumerable<(string Message, string Hint)> Refusals(DdlRequest request) => base.Refusals(request).Concat(RefuseFiles(request));

    protected override ColumnTypes Types { get; } = new("BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMP", "STRING");

    public override string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    public override string CreateSchema(string schema) => $"CREATE DATABASE IF NOT EXISTS {Quote(schema)}";

    public override IEnumerable<DdlStatement> Preparation(DdlRequest request) =>
        [new DdlStatement(CreateSchema(request.Schema))];

    public override IEnumerable<DdlStatement> Statements(LakeTable table, DdlRequest request)
    {
        var name = Qualify(request, table.Name);
        var partitions =
            table.Partitions.Count == 0 ? "" : $"PARTITIONED BY ({string.Join(", ", table.Partitions.Select(column => Quote(column.Name)))})\n";
        yield return new DdlStatement(
            $"CREATE TABLE IF NOT EXISTS {name} (\n{Define(table.All)}\n)\nUSING PARQUET\n{partitions}LOCATION " +
                $"{Text(request.Folder.Hadoop(table.Name, S3Scheme))}"
        );
        yield return table.Partitions.Count == 0
            ? new DdlStatement($"REFRESH TABLE {name}", "After each ingest: forgets the list of files that the session knows.")
            : new DdlStatement(
                $"MSCK REPAIR TABLE {name} SYNC PARTITIONS", "After each ingest: finds folders that are new and forgets those that are gone.");
        yield return CurrentRows(table, request);
    }
}

/// <summary>Databricks: the same statements, in Databricks' own names for a bucket.</summary>
internal sealed class DatabricksDialect : SparkDialect
{
    public override string Name => "databricks";

    public override string Title => "Databricks";

    // The driver of the platform itself; s3a:// is an old name for it there.
    protected override string S3Scheme => "s3";
}
