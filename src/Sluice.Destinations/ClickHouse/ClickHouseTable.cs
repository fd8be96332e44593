using Sluice.Engine;
using Sluice.Engine.Load;

namespace Sluice.Destinations.ClickHouse;

/// <summary>A table as the server has it now.</summary>
internal sealed record ClickHouseTable
{
    /// <summary>Tells rows apart whose keys don't: 0 for the one row of a key.</summary>
    public const string Row = "_sluice_row";

    /// <summary>Of the rows of one key, the one with the highest number counts.</summary>
    public const string Version = "_sluice_version";

    /// <summary>1 says that the row is no more.</summary>
    public const string IsDeleted = "_sluice_is_deleted";

    /// <summary>How many rows of one load can be told apart.</summary>
    public const int RowBits = 36;

    /// <summary>The name with its database, quoted.</summary>
    public required string Name { get; init; }

    public required string Engine { get; init; }

    public required IReadOnlyList<ClickHouseColumn> Columns { get; init; }

    public required IReadOnlyList<string> SortingKey { get; init; }

    /// <summary>The comments of the table and of all its columns, empty where there is none.</summary>
    public TableDocs Comments { get; init; } = TableDocs.None;

    /// <summary>What reads each row once.</summary>
    public string Rows(string? columns = null) => $"(SELECT {columns ?? "*"} FROM {Name}{Final})";

    /// <summary>What stands behind the name, so that each row is read once.</summary>
    public string Final => Engine.Contains("Replacing", StringComparison.Ordinal) ? " FINAL" : "";

    public bool IsOurs => Has(Row) && Has(Version) && Has(IsDeleted);

    /// <summary>Fails when rows can't be merged into it.</summary>
    public void RequireOurs()
    {
        if (!IsOurs)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{Name} was not made by Sluice ({Engine} without {Version}): rows can't be merged into it.",
                "Name another table with --dest-table, or replace it with --full-refresh.");
        }
    }

    /// <summary>Fails when it is no table at all, so that none can take its place.</summary>
    public void RequireTable()
    {
        if (Engine.EndsWith("View", StringComparison.Ordinal) || Engine == "Dictionary")
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{Name} is a {(Engine == "Dictionary" ? "dictionary" : "view")}, and Sluice writes into tables.",
                $"Name another table with --dest-table, or remove it with: DROP {(Engine == "Dictionary" ? "DICTIONARY" : "VIEW")} {Name};");
        }
    }

    public bool IsMarked => Has(SystemColumns.DeletedAt);

    public bool Has(string column) => Find(column) is not null;

    public ClickHouseColumn? Find(string column) => Columns.FirstOrDefault(one => one.Name.Equals(column, StringComparison.OrdinalIgnoreCase));

    /// <summary>Counts the rows, those marked as deleted left out.</summary>
    public Task<long> CountAsync(ClickHouseServer server, CancellationToken cancel) =>
        server.CountAsync(
            IsMarked
                ? $"SELECT count() FROM {Rows(SystemColumns.DeletedAt)} WHERE isNull({SystemColumns.DeletedAt})"
                : $"SELECT count() FROM {Rows(Columns[0].Quoted)}",
            cancel);

    /// <summary>The number of the load that changed the table last.</summary>
    public Task<long> VersionAsync(ClickHouseServer server, CancellationToken cancel) =>
        server.CountAsync($"SELECT max({Version}) FROM {Name}", cancel);

    /// <summary>What only ClickHouse needs: no reader of rows asks for it.</summary>
    public static bool IsHidden(string column) => column is Row or Version or IsDeleted;

    /// <summary>Reads what a table is; null when there is none.</summary>
    public static async Task<ClickHouseTable?> ReadAsync(ClickHouseServer server, ClickHouseSchema schema, string bare, CancellationToken cancel)
    {
        (string, string)[] values = [("database", schema.Database), ("table", bare)];
        var tables = await server.ListAsync(
            "SELECT engine, comment FROM system.tables WHERE database = {database:String} AND name = {table:String}",
            row => (Engine: row.GetString(0), Comment: row.GetString(1)), cancel, values);
        if (tables.Count == 0)
        {
            return null;
        }

        var columns = await server.ListAsync(
            "SELECT name, type, toBool(is_in_sorting_key), comment FROM system.columns WHERE database = {database:String} AND table = {table:String}",
            row => (Column: new ClickHouseColumn(row.GetString(0), row.GetString(1)), IsKey: row.GetBoolean(2), Comment: row.GetString(3)),
            cancel, values);
        return new ClickHouseTable
        {
            Name = schema.Qualify(bare),
            Engine = tables[0].Engine,
            Columns = [.. columns.Select(one => one.Column)],
            SortingKey = [.. columns.Where(one => one.IsKey).Select(one => one.Column.Name)],
            Comments = new TableDocs(tables[0].Comment, columns.ToDictionary(one => one.Column.Name, one => one.Comment, StringComparer.Ordinal)),
        };
    }
}
