using System.Text.RegularExpressions;
using Sluice.Destinations.Models;

namespace Sluice.Destinations.Warehouses;

/// <summary>ClickHouse: a MergeTree that is filled beside the one that readers see, and then takes its place.</summary>
internal sealed class ClickHouseDialect : WarehouseDialect
{
    private const string NewSuffix = "_new";

    public override string Name => "clickhouse";

    public override string Title => "ClickHouse";

    // Its files are named after columns.
    public override ModelSql Models { get; } = new ClickHouseModelSql();

    protected override int LongestName => 200;

    public override IEnumerable<string> Blanks(DdlRequest request) => request.Location.Store switch
    {
        LakeStore.GoogleCloud => [.. base.Blanks(request), "HMAC_KEY", "HMAC_SECRET"],
        LakeStore.AzureBlob => [.. base.Blanks(request), "ACCOUNT", "ACCOUNT_KEY"],
        _ => [.. base.Blanks(request), "REGION", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY"],
    };

    protected override ColumnTypes Types { get; } =
        new("Nullable(Int64)", "Nullable(Float64)", "Nullable(Bool)", "Nullable(DateTime64(6, 'UTC'))", "Nullable(String)");

    public override string Quote(string name) =>
        $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";

    public override string CreateSchema(string schema) => $"CREATE DATABASE IF NOT EXISTS {Quote(schema)}";

    public override IEnumerable<DdlStatement> Preparation(DdlRequest request) =>
        [new DdlStatement(CreateSchema(request.Schema))];

    public override IEnumerable<DdlStatement> Statements(LakeTable table, DdlRequest request)
    {
        var (live, aside) = (Qualify(request, table.Name), Qualify(request, table.Name + NewSuffix));
        var order = table.PrimaryKey.Count == 0 ? "tuple()" : $"({string.Join(", ", table.PrimaryKey.Select(Quote))})";
        yield return new DdlStatement(
            $"CREATE TABLE IF NOT EXISTS {live} (\n{Define(table.All)}\n)\nENGINE = MergeTree\nORDER BY {order}\nSETTINGS allow_nullable_key = 1");
        yield return new DdlStatement($"CREATE OR REPLACE TABLE {aside} AS {live}", "Filled aside; then the two tables change places at once.");
        foreach (var source in Sources(table, request))
        {
            yield return new DdlStatement(
                $"INSERT INTO {aside} (\n{Names(table.All)}\n)\nSELECT\n"
                    + $"{Lines(table.Columns.Select(column => Quote(column.Name)).Concat(table.Partitions.Select(Folder)))}\nFROM {source}"
            );
        }

        yield return new DdlStatement($"EXCHANGE TABLES {live} AND {aside}");
        yield return new DdlStatement($"DROP TABLE {aside}");
        yield return CurrentRows(table, request);
    }

    // The structure is a text in a text: what is escaped for the inner one is escaped once more for the outer one.
    private IEnumerable<string> Sources(LakeTable table, DdlRequest request)
    {
        var structure = string.Join(", ", table.Columns.Select(column => $"{Quote(column.Name)} {Types.Of(column.Type)}"));
        var literal = Text(structure.Replace("\\", "\\\\", StringComparison.Ordinal));
        var folders = string.Concat(table.Partitions.Select(column => $"{LakeFolders.Key(column)}=*/"));
        return (request.Files ?? [$"{folders}*.parquet"]).Select(file => Source(request.Folder, $"{table.Name}/{file}", literal));
    }

    // Its own reading of such folders takes Hive's word for NULL for a value.
    private static string Folder(LakeColumn column)
    {
        var pattern = $"/{Regex.Escape(LakeFolders.Key(column))}=([^/]*)/".Replace("\\", "\\\\", StringComparison.Ordinal);
        return $"nullIf(extract(_path, {Text(pattern)}), {Text(LakeFolders.NoValue)})";
    }

    private static string Source(LakeAddress lake, string path, string structure) =>
        lake.Store switch
        {
            LakeStore.GoogleCloud => $"gcs({Text(lake.Web(path))}, 'HMAC_KEY', 'HMAC_SECRET', 'Parquet', {structure})",
            LakeStore.AzureBlob =>
                $"azureBlobStorage({Text(LakeAddress.BlobAccount)}, {Text(lake.Bucket)}, {Text(lake.Below(path))}, 'ACCOUNT', 'ACCOUNT_KEY', " +
                    $"'Parquet', 'auto', {structure})",
            _ => $"s3({Text(lake.Web(path))}, 'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'Parquet', {structure})",
        };
}
