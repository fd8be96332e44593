using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Shape;
using Sluice.Sql.Tables;
using Sluice.Sql.Text;
using Sluice.Writes.Operations;

namespace Sluice.Sql.Fetching;

/// <summary>Tables that say what there is to query: they cost no request.</summary>
internal static class SystemTables
{
    private const string Tables = "sluice_tables";
    private const string Columns = "sluice_columns";

    private static readonly string[] OfTables =
        ["table_name VARCHAR", "resource VARCHAR", "primary_key VARCHAR", "read_by VARCHAR", "description VARCHAR", "documentation VARCHAR"];

    private static readonly string[] OfColumns =
    [
        "table_name VARCHAR", "column_name VARCHAR", "data_type VARCHAR", "is_key BOOLEAN", "pushed_down VARCHAR", "description VARCHAR",
        "writable VARCHAR",
    ];

    private static readonly string Create =
        $"CREATE TABLE {Tables} ({string.Join(", ", OfTables)});CREATE TABLE {Columns} ({string.Join(", ", OfColumns)})";

    /// <summary>The tables and their columns.</summary>
    public static IReadOnlyList<(string Name, string[] Columns)> All { get; } = [(Tables, NamesOf(OfTables)), (Columns, NamesOf(OfColumns))];

    /// <summary>The statements that make them, when a query names them or asks which tables there are; else null.</summary>
    public static string? SqlFor(SqlStatement statement, LiveTables tables)
    {
        if (!statement.ListsTables && !statement.Words.Contains(Tables) && !statement.Words.Contains(Columns))
        {
            return null;
        }

        var rows = tables.All.Select(table => Row(
            table.Name, table.Resource.Name, string.Join(", ", table.Resource.PrimaryKey), ReadBy(table.Resource), table.Doc,
            table.Resource.DocsUrl));
        var columns = tables.All.SelectMany(table => table.Columns.Select(column =>
            $"({Text(table.Name)}, {Text(column.Name)}, {Text(SqlType.Of(column.Type))}, {IsKey(table, column)}, "
                + $"{Text(PushedDown.Of(table, column.Name, tables.Catalog))}, {Text(column.Doc)}, "
                + $"{Text(TableWritesCatalog.Find(table.Name)?.Writable(column.Name))})"));
        return $"{Create};INSERT INTO {Tables} VALUES {string.Join(',', rows)};INSERT INTO {Columns} VALUES {string.Join(',', columns)}";
    }

    private static string[] NamesOf(string[] columns) => [.. columns.Select(column => column.Split(' ')[0])];

    private static string IsKey(LiveTable table, Column column) =>
        table.Resource.PrimaryKey.Contains(column.Name, StringComparer.Ordinal) ? "true" : "false";

    private static string Row(params string[] texts) => $"({string.Join(", ", texts.Select(Text))})";

    private static string Text(string? text) => text is null ? "NULL" : DuckDBLiteral.Quote(text);

    private static string ReadBy(Resource resource) => resource.Parent is { } parent ? $"one request or more for each row of {parent.Resource}"
        : resource.Window is { } window ? $"windows of {window.MaxDays} days"
        : "one list";
}

/// <summary>Says of a column which conditions on it save requests.</summary>
internal static class PushedDown
{
    /// <summary>The conditions in words, or null for none.</summary>
    public static string? Of(LiveTable table, string column, ResourceCatalog catalog)
    {
        var resource = table.Resource;
        return (resource.Window?.Column ?? resource.NewestFirstBy) == column ? "ranges"
            : KeyColumn.Of(resource, catalog).Any(key => key.Column == column) ? "values, joins"
            : column == "cio_id" && AccessPaths.Personal(table, catalog) is not null ? "values, joins"
            : OptionColumns.Of(resource).Any(option => option.Column == column) ? "values, joins"
            : resource.Reading == ReadingKind.People && column is "cio_id" or "id" or "email" ? "values, joins"
            : resource.Reading is ReadingKind.People or ReadingKind.Hydrate && column == "attributes" ? "values and presence of attributes"
            : null;
    }
}
