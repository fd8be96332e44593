using DuckDB.NET.Data;
using Sluice.Destinations.DuckDb;
using Sluice.Destinations.Files.Manifest;
using Sluice.Destinations.Merge;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.Files;

/// <summary>Describes the table that rows for new files make together with the files that stay.</summary>
internal sealed class WrittenRows(DuckDBConnection connection, string rows)
{
    public async Task<TableManifest> DescribeAsync(
        TableManifest before, IReadOnlyList<DataFile> kept, IReadOnlyList<ManifestField> fields, CancellationToken cancel)
    {
        var columns = await connection.ListAsync(
            $"SELECT column_name, column_type FROM (DESCRIBE {rows})", row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), cancel);

        // Only the columns that follow their values are asked about when a number with a fraction comes.
        var asked = columns.Where(column =>
            column.Value == "BIGINT" && fields.Any(field => field.Column.Equals(column.Key, StringComparison.OrdinalIgnoreCase)));
        var found = await SchemaEvolution.LongIntegersAsync(
            DuckDbDialect.SessionOn(connection), rows, [.. asked.Select(column => column.Key)], cancel);
        var had =
            kept.Count == 0
                ? []
                : before.Columns.Where(column => column.HasLongIntegers).Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return before with
        {
            Columns =
            [
                .. columns.Select(column => new ManifestColumn(column.Key, column.Value, found.Contains(column.Key) || had.Contains(column.Key))),
            ],
            Fields = fields,
        };
    }
}
