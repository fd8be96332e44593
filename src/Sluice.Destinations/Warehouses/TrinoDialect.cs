using Sluice.Destinations.Models;
using Sluice.Destinations.Warehouses.Models;

namespace Sluice.Destinations.Warehouses;

/// <summary>Trino: a table of its Hive connector over the folder.</summary>
internal sealed class TrinoDialect : WarehouseDialect
{
    private const string Catalog = "hive";

    public override string Name => "trino";

    public override string Title => "Trino";

    public override ModelSql Models { get; } = new TrinoModelSql(hasZones: true);

    protected override int LongestName => 255;

    public override IEnumerable<string> Blanks(DdlRequest request) =>
        [
            .. base.Blanks(request),
            $"{Catalog} (a catalog of the Hive connector)",
            .. request.Location.Store == LakeStore.AzureBlob ? ["ACCOUNT"] : Array.Empty<string>(),
        ];

    public override IEnumerable<(string Message, string Hint)> Refusals(DdlRequest request) => base.Refusals(request).Concat(RefuseFiles(request));

    // The connector refuses a precision that is not its setting, hive.timestamp-precision, and that is milliseconds unless someone changes it.
    protected override ColumnTypes Types { get; } = new("bigint", "double", "boolean", "timestamp(3)", "varchar");

    public override string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public override string CreateSchema(string schema) => $"CREATE SCHEMA IF NOT EXISTS {Catalog}.{Quote(schema)}";

    public override IEnumerable<DdlStatement> Preparation(DdlRequest request) =>
        [new DdlStatement(CreateSchema(request.Schema))];

    public override IEnumerable<DdlStatement> Statements(LakeTable table, DdlRequest request)
    {
        yield return new DdlStatement(
            $"CREATE TABLE IF NOT EXISTS {Qualify(request, table.Name)} (\n{Define(table.All)}\n)\nWITH (\n{Lines(Properties(table, request))}\n)");
        if (table.Partitions.Count > 0)
        {
            yield return new DdlStatement(
                $"CALL {Catalog}.system.sync_partition_metadata({Text(request.Schema)}, {Text(table.Name)}, 'FULL')",
                "After each ingest: finds folders that are new and forgets those that are gone.");
        }

        yield return CurrentRows(table, request);
    }

    protected override string Qualify(DdlRequest request, string table) => $"{Catalog}.{base.Qualify(request, table)}";

    protected override string InView(LakeColumn column) =>
        column.IsTime ? $"with_timezone({Quote(column.Name)}, 'UTC') AS {Quote(column.Name)}" : base.InView(column);

    private static IEnumerable<string> Properties(LakeTable table, DdlRequest request)
    {
        yield return "format = 'PARQUET'";
        yield return $"external_location = {Text(request.Folder.Hadoop(table.Name, "s3") + "/")}";
        if (table.Partitions.Count > 0)
        {
            yield return $"partitioned_by = ARRAY[{string.Join(", ", table.Partitions.Select(column => Text(column.Name)))}]";
        }
    }
}
