using System.Buffers;
using Sluice.Destinations.Files;
using Sluice.Destinations.Models;
using Sluice.Destinations.Warehouses.Models;

namespace Sluice.Destinations.Warehouses;

/// <summary>BigQuery: an external table over the files, and a table made of it in one statement.</summary>
internal sealed class BigQueryDialect : WarehouseDialect
{
    private const string FilesSuffix = "_files";

    private static readonly SearchValues<char> RefusedLetters = SearchValues.Create("!\"$()*,./;?@[\\]^`{}~");

    public override string Name => "bigquery";

    public override string Title => "BigQuery";

    public override ModelSql Models { get; } = new BigQueryModelSql();

    protected override int LongestName => 300;

    // Lakes of earlier versions can have such names.
    public override IEnumerable<(string Message, string Hint)> Refusals(DdlRequest request) =>
        base.Refusals(request)
            .Concat(
                request.Tables.SelectMany(table => table.All)
                    .Select(column => column.Name)
                    .Where(name => name.AsSpan().ContainsAny(RefusedLetters)
                        || FileSettings.TakenBeginnings.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase)))
                    .Distinct(StringComparer.Ordinal)
                    .Select(name => (
                        $"BigQuery takes no column that is called {name}.",
                        "Ingest the table with --full-refresh, which gives the column a name that all readers take, or leave it out with " +
                            "--exclude-columns.")));

    public override IEnumerable<string> Blanks(DdlRequest request) => request.Location.Store switch
    {
        LakeStore.GoogleCloud => base.Blanks(request),
        LakeStore.AzureBlob => [.. base.Blanks(request), "ACCOUNT", "azure-REGION.CONNECTION (a BigQuery Omni connection)"],
        _ => [.. base.Blanks(request), "aws-REGION.CONNECTION (a BigQuery Omni connection; none is needed for gs://)"],
    };

    protected override ColumnTypes Types { get; } = new("INT64", "FLOAT64", "BOOL", "TIMESTAMP", "STRING");

    public override string Quote(string name) =>
        $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";

    public override IEnumerable<DdlStatement> Preparation(DdlRequest request) =>
        [new DdlStatement(CreateSchema(request.Schema))];

    public override IEnumerable<DdlStatement> Statements(LakeTable table, DdlRequest request)
    {
        var files = Qualify(request, table.Name + FilesSuffix);
        yield return new DdlStatement(
            $"CREATE OR REPLACE EXTERNAL TABLE {files} (\n{Define(table.Columns)}\n)\n{Partitions(table)}{Connection(request)}OPTIONS " +
                $"(\n{Lines(Options(table, request))}\n)",
            "The files as they are, JSON as text. V2 lets names such as 2xx be as they are.");
        yield return new DdlStatement(
            $"CREATE OR REPLACE TABLE {Qualify(request, table.Name)} " +
                $"AS\nSELECT\n{Lines(table.Columns.Select(Value).Concat(table.Partitions.Select(Folder)))}\nFROM {files}",
            "The table: replaced as a whole, so that readers see the old one or the new one.");
        yield return CurrentRows(table, request);
    }

    private string Value(LakeColumn column) =>
        column.IsJson ? $"PARSE_JSON({Quote(column.Name)}, wide_number_mode => 'round') AS {Quote(column.Name)}" : Quote(column.Name);

    private string Folder(LakeColumn column) => $"NULLIF({Quote(column.Name)}, {Text(LakeFolders.NoValue)}) AS {Quote(column.Name)}";

    private string Partitions(LakeTable table) => table.Partitions.Count == 0 ? "" : $"WITH PARTITION COLUMNS (\n{Define(table.Partitions)}\n)\n";

    private static string Connection(DdlRequest request) => request.Location.Store switch
    {
        LakeStore.GoogleCloud => "",
        LakeStore.AzureBlob => "WITH CONNECTION `azure-REGION.CONNECTION`\n",
        _ => "WITH CONNECTION `aws-REGION.CONNECTION`\n",
    };

    private static IEnumerable<string> Options(LakeTable table, DdlRequest request)
    {
        // One wildcard also stands for folders.
        var files = request.Files ?? ["*.parquet"];
        yield return "format = 'PARQUET'";
        yield return $"uris = [{string.Join(", ", files.Select(file => Text(request.Folder.Warehouse($"{table.Name}/{file}", "gs"))))}]";
        yield return "column_name_character_map = 'V2'";
        if (table.Partitions.Count > 0)
        {
            yield return $"hive_partition_uri_prefix = {Text(request.Folder.Warehouse(table.Name, "gs"))}";
        }
    }
}
