using Sluice.Destinations.Models;
using Sluice.Destinations.Warehouses.Models;

namespace Sluice.Destinations.Warehouses;

/// <summary>Amazon Athena: tables in the language of Hive, views in that of Trino.</summary>
internal sealed class AthenaDialect : WarehouseDialect
{
    public override string Name => "athena";

    public override string Title => "Amazon Athena";

    public override ModelSql Models { get; } = new TrinoModelSql(hasZones: false);

    protected override int LongestName => 255;

    public override IEnumerable<(string Message, string Hint)> Refusals(DdlRequest request) =>
        base.Refusals(request).Concat(RefuseOtherStores(request)).Concat(RefuseFiles(request));

    protected override ColumnTypes Types { get; } = new("bigint", "double", "boolean", "timestamp", "string");

    public override string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    public override string CreateSchema(string schema) => $"CREATE DATABASE IF NOT EXISTS {Quote(schema)}";

    public override IEnumerable<DdlStatement> Preparation(DdlRequest request) =>
        [
            new DdlStatement(
                CreateSchema(request.Schema),
                "Athena takes one statement at a time. Times are in UTC, to the millisecond."),
        ];

    public override IEnumerable<DdlStatement> Statements(LakeTable table, DdlRequest request)
    {
        var name = Qualify(request, table.Name);
        var partitions = table.Partitions.Count == 0 ? "" : $"PARTITIONED BY (\n{Define(table.Partitions)}\n)\n";
        yield return new DdlStatement(
            $"CREATE EXTERNAL TABLE IF NOT EXISTS {name} (\n{Define(table.Columns)}\n)\n{partitions}STORED AS PARQUET\n"
            + $"LOCATION {Text(request.Folder.Warehouse(table.Name, "gs") + "/")}\nTBLPROPERTIES ('classification' = 'parquet')");
        if (table.Partitions.Count > 0)
        {
            yield return new DdlStatement($"MSCK REPAIR TABLE {name}", "After each ingest: finds folders that are new.");
        }

        yield return CurrentRows(table, request);
    }

    protected override string QuoteInView(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    protected override string ViewName(DdlRequest request, string table) => $"{QuoteInView(request.Schema)}.{QuoteInView(table)}";
}
