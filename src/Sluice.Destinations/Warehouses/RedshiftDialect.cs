using Sluice.Destinations.Files;
using Sluice.Destinations.Models;
using Sluice.Destinations.Warehouses.Models;

namespace Sluice.Destinations.Warehouses;

/// <summary>Amazon Redshift: COPY into a table like the files, and from there into the real one.</summary>
internal sealed class RedshiftDialect : WarehouseDialect
{
    private static readonly ColumnTypes InFiles = new("BIGINT", "DOUBLE PRECISION", "BOOLEAN", "TIMESTAMP", "VARCHAR(MAX)");

    private const string RoleBlank = "arn:aws:iam::ACCOUNT_ID:role/ROLE";

    public override string Name => "redshift";

    public override string Title => "Amazon Redshift";

    public override ModelSql Models { get; } = new RedshiftModelSql();

    protected override int LongestName => 127;

    public override IEnumerable<string> Blanks(DdlRequest request) => [.. base.Blanks(request), "ACCOUNT_ID and ROLE (a role that may read there)"];

    public override IEnumerable<(string Message, string Hint)> Refusals(DdlRequest request) =>
        base.Refusals(request).Concat(RefuseOtherStores(request));

    protected override ColumnTypes Types { get; } = InFiles with { Time = "TIMESTAMPTZ", Json = "SUPER" };

    // Redshift folds quoted names to lower case, too.
    public override string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public override IEnumerable<DdlStatement> Preparation(DdlRequest request) =>
        [new DdlStatement(CreateSchema(request.Schema))];

    public override IEnumerable<DdlStatement> Statements(LakeTable table, DdlRequest request)
    {
        var target = Qualify(request, table.Name);
        var files = Quote($"{table.Name}_files");
        yield return new DdlStatement($"CREATE TABLE IF NOT EXISTS {target} (\n{Define(table.Columns)}\n)");
        yield return new DdlStatement("BEGIN", "The rows are replaced in one transaction, which an error ends without a change.");
        yield return new DdlStatement(
            $"CREATE TEMP TABLE {files} (\n{Define(table.Columns, InFiles)}\n)",
            request.Files is null
                ? "COPY goes by position: these must be the columns of the manifest, in its order. With --manifest they are taken from there."
                : "COPY goes by position: these are the columns of the manifest, in its order.");
        foreach (var copy in Copies(table, request, files))
        {
            yield return copy;
        }

        yield return new DdlStatement($"DELETE FROM {target}");
        yield return new DdlStatement(
            $"INSERT INTO {target} (\n{Names(table.Columns)}\n)\nSELECT\n{Lines(table.Columns.Select(Value))}\nFROM {files}");
        yield return new DdlStatement($"DROP TABLE {files}");
        yield return new DdlStatement("COMMIT");

        // COPY does not see the names of folders, and needs not: the times that they are made of stand in the files.
        yield return CurrentRows(table with { Partitions = [] }, request);
    }

    private static IEnumerable<DdlStatement> Copies(LakeTable table, DdlRequest request, string files)
    {
        if (request.Files is { } named)
        {
            return named.Select(file => new DdlStatement(Copy(files, request.Folder.Warehouse($"{table.Name}/{file}", "gs"), "")));
        }

        return
        [
            new DdlStatement(
                Copy(
                    files,
                    request.Location.Inside($"_redshift/{PathNames.Safe(request.Schema)}").Warehouse($"{table.Name}.json", "gs"),
                    "\nMANIFEST"),
                $"The list of files in Redshift's form, made of {table.Name}/_manifest.json as docs/warehouses.md shows; or name the files with " +
                    $"--manifest."
            ),
        ];
    }

    // REGION is not allowed with Parquet: the bucket must be in the cluster's region.
    private static string Copy(string files, string from, string options) =>
        $"COPY {files}\nFROM {Text(from)}\nIAM_ROLE {Text(RoleBlank)}\nFORMAT AS PARQUET{options}";

    private string Value(LakeColumn column) =>
        column.IsTime ? $"{Quote(column.Name)} AT TIME ZONE 'UTC'" : column.IsJson ? $"JSON_PARSE({Quote(column.Name)})" : Quote(column.Name);
}
