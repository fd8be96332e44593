using System.Text.RegularExpressions;
using Sluice.Destinations.Models;
using Sluice.Destinations.Warehouses.Models;

namespace Sluice.Destinations.Warehouses;

/// <summary>Snowflake: an external stage, and COPY INTO that reads columns by their names.</summary>
internal sealed class SnowflakeDialect : WarehouseDialect
{
    // FILES = (…) takes so many.
    private const int MostFiles = 1000;

    public override string Name => "snowflake";

    public override string Title => "Snowflake";

    public override ModelSql Models { get; } = new SnowflakeModelSql();

    protected override int LongestName => 255;

    public override IEnumerable<string> Blanks(DdlRequest request) =>
        [
            .. base.Blanks(request),
            "INTEGRATION_NAME (a storage integration that may read there)",
            .. request.Location.Store == LakeStore.AzureBlob ? ["ACCOUNT"] : Array.Empty<string>(),
        ];

    protected override ColumnTypes Types { get; } = new("BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMP_TZ(6)", "VARCHAR", Json: "VARIANT");

    // In capitals, so that people need no quotes for names that are no keywords.
    public override string Quote(string name) => $"\"{name.ToUpperInvariant().Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public override IEnumerable<DdlStatement> Preparation(DdlRequest request)
    {
        yield return new DdlStatement("ALTER SESSION SET TIMEZONE = 'UTC'", "The files hold times in UTC.");
        yield return new DdlStatement(CreateSchema(request.Schema));
        yield return new DdlStatement(
            $"CREATE STAGE IF NOT EXISTS {Stage(request)}\n  URL = {Text(request.Folder.Warehouse("", "gcs") + "/")}\n  STORAGE_INTEGRATION = " +
                $"INTEGRATION_NAME\n"
            + "  FILE_FORMAT = (TYPE = PARQUET USE_LOGICAL_TYPE = TRUE)");
    }

    public override IEnumerable<DdlStatement> Statements(LakeTable table, DdlRequest request)
    {
        var target = Qualify(request, table.Name);
        yield return new DdlStatement($"CREATE TABLE IF NOT EXISTS {target} (\n{Define(table.All)}\n)");
        yield return new DdlStatement("BEGIN", "The rows are replaced in one transaction. FORCE loads a file also when it has been loaded before.");
        yield return new DdlStatement($"DELETE FROM {target}");
        foreach (var files in Sources(request))
        {
            yield return new DdlStatement(
                $"COPY INTO {target} (\n{Names(table.All)}\n)\nFROM " +
                    $"(\nSELECT\n{Lines(table.Columns.Select(Value).Concat(table.Partitions.Select(Folder)))}\n"
                + $"FROM @{Stage(request)}/{table.Name}/\n)\n{files}\nFORCE = TRUE");
        }

        yield return new DdlStatement("COMMIT");
        yield return CurrentRows(table, request);
    }

    private string Stage(DdlRequest request) => Qualify(request, "SLUICE_LAKE");

    private static IEnumerable<string> Sources(DdlRequest request) => request.Files is null
        ? ["PATTERN = '.*[.]parquet'"]
        : request.Files.Chunk(MostFiles).Select(files => $"FILES = (\n{Lines(files.Select(Text))}\n)");

    private string Value(LakeColumn column)
    {
        var field = $"$1:\"{column.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        return column.IsJson ? $"PARSE_JSON({field}::VARCHAR)" : $"{field}::{Types.Of(column.Type)}";
    }

    private string Folder(LakeColumn column)
    {
        var pattern = $"/{Regex.Escape(LakeFolders.Key(column))}=([^/]*)/".Replace("\\", "\\\\", StringComparison.Ordinal);
        return $"NULLIF(REGEXP_SUBSTR(METADATA$FILENAME, {Text(pattern)}, 1, 1, 'e'), {Text(LakeFolders.NoValue)})::{Types.Of(column.Type)}";
    }
}
