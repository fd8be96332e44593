using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Load.Staging;

/// <summary>
/// The tables beside staged rows, and the statements on them: which packages are staged, what did not fit, and which column a field was given.
/// </summary>
public static class StagingTables
{
    /// <summary>The packages of rows that are staged.</summary>
    public const string Loads = "_sluice_loads";
    // The mark of a finished load: its package ids begin with the load's id, and this one comes last.
    private const string CommitMark = "commit";

    internal static string Create(string catalog, string schema) =>
        $"""
            CREATE SCHEMA IF NOT EXISTS {Quote(catalog)}.{Quote(schema)};
            CREATE TABLE IF NOT EXISTS {Name(catalog, schema, Loads)} (
              table_name VARCHAR, package_id VARCHAR, load_id VARCHAR, run_id VARCHAR, staged_rows BIGINT, doubled_rows BIGINT,
              rejected_values BIGINT, loaded_at TIMESTAMPTZ);
            CREATE TABLE IF NOT EXISTS {Name(catalog, schema, SystemTable.Rejects.Name)} ({SystemTable.Rejects.Definition});
            CREATE TABLE IF NOT EXISTS {Name(catalog, schema, SystemTable.Mapping.Name)} ({SystemTable.Mapping.Definition});
            ALTER TABLE {Name(catalog, schema, SystemTable.Mapping.Name)} ADD COLUMN IF NOT EXISTS mask VARCHAR;
            """;

    internal static Task AddPackageAsync(
        DuckDBConnection connection,
        LoadTarget target,
        string package,
        long rows,
        long rejected,
        CancellationToken cancel
    ) => AddAsync(connection, target, package, rows, 0, rejected, cancel);

    internal static async Task MarkCommittedAsync(DuckDBConnection connection, LoadTarget target, LoadResult result, CancellationToken cancel)
    {
        // Packages of older loads are of no use to anyone: a load is known again only until the next one.
        await connection.RunAsync(
            $"DELETE FROM {Name(connection.Database, target.Schema, Loads)} WHERE table_name = $table AND load_id <> $load",
            cancel,
            ("table", target.StageName),
            ("load", target.LoadId));
        await AddAsync(connection, target, $"{target.LoadId}/{CommitMark}", result.Loaded, result.Doubled, result.Rejected, cancel);
    }

    internal static Task<IReadOnlyList<Package>> PackagesAsync(DuckDBConnection connection, LoadTarget target, CancellationToken cancel) =>
        connection.ListAsync(
            $"SELECT package_id, staged_rows, rejected_values FROM {Name(connection.Database, target.Schema, Loads)} WHERE table_name = $table " +
                $"AND load_id = $load",
            row => new Package(row.GetString(0), row.GetInt64(1), row.GetInt64(2)),
            cancel,
            ("table", target.StageName),
            ("load", target.LoadId));

    /// <summary>
    /// A table's whole name, quoted, with the catalog: customerio.duckdb with a schema customerio would leave two meanings to "customerio"."table".
    /// </summary>
    public static string Name(string catalog, string schema, string table) => $"{Quote(catalog)}.{Quote(schema)}.{Quote(table)}";

    /// <summary>Quotes a name for DuckDB.</summary>
    public static string Quote(string identifier) => DuckDBIdentifier.Quote(identifier);

    private static Task AddAsync(
        DuckDBConnection connection,
        LoadTarget target,
        string package,
        long rows,
        long doubled,
        long rejected,
        CancellationToken cancel
    ) =>
        connection.RunAsync(
            $"INSERT INTO {Name(connection.Database, target.Schema, Loads)} VALUES ($table, $package, $load, $run, $rows, $doubled, $rejected, $at)",
            cancel,
            ("table", target.StageName),
            ("package", package),
            ("load", target.LoadId),
            ("run", target.RunId),
            ("rows", rows),
            ("doubled", doubled),
            ("rejected", rejected),
            ("at", target.LoadedAt));

    internal sealed record Package(string Id, long Rows, long Rejected);
}

/// <summary>The statements on the table that rows are staged in.</summary>
internal sealed class StagingSql(LoadTarget target, string catalog)
{
    /// <summary>What the names of staging tables begin with.</summary>
    public const string Prefix = "_sluice_new_";

    /// <summary>The parameters that each reject of the load is marked with.</summary>
    public (string Name, object? Value)[] Marks =>
        [("table", target.Table), ("load", target.LoadId), ("run", target.RunId), ("at", target.LoadedAt)];

    public string Table { get; } = StagingTables.Name(catalog, target.Schema, TableName(target));

    /// <summary>The table that is built beside the one that readers see.</summary>
    public static string TableName(LoadTarget target) => $"{Prefix}{target.StageName}";

    public string CreateTable(IReadOnlyList<TableColumn> columns) =>
        $"CREATE TABLE IF NOT EXISTS {Table} ({string.Join(", ", columns.Select(Define).Concat(Own))})";

    public string AddColumn(TableColumn column) => $"ALTER TABLE {Table} ADD COLUMN IF NOT EXISTS {Define(column)}";

    public string WidenColumn(string column, string type) => $"ALTER TABLE {Table} ALTER COLUMN {StagingTables.Quote(column)} TYPE {type}";

    public string Insert(string select, IReadOnlyList<TableColumn> columns, long? most) =>
        $"INSERT INTO {Table} ({Names(columns)}, _sluice_loaded_at, _sluice_run_id)\n" +
        $"SELECT *, $at, $run FROM (\n{select}\n) AS rows{(most is { } limit ? $" LIMIT {limit}" : "")}";

    public string InsertRejects(string select) =>
        $"INSERT INTO {StagingTables.Name(catalog, target.Schema, SystemTable.Rejects.Name)}\n" +
        $"SELECT $table, record_key, column_name, raw_value, $load, $run, $at FROM (\n{select}\n) AS rejects";

    /// <summary>Whether some key stands twice; on hashes, since a million long keys would not fit the memory that a load may use.</summary>
    public string HasDuplicates =>
        $"SELECT count(*) FROM (SELECT hash({Keys}) AS h FROM {Table} WHERE {HasKey} GROUP BY h HAVING count(*) > 1 LIMIT 1)";

    /// <summary>Leaves of equal keys the row that came last; only candidates by hash are compared in full.</summary>
    public string DeleteDuplicates => $"""
        DELETE FROM {Table} WHERE rowid IN (
          SELECT row FROM (
            SELECT rowid AS row, row_number() OVER (PARTITION BY {Keys} ORDER BY rowid DESC) AS place FROM {Table}
            WHERE {HasKey} AND hash({Keys}) IN (SELECT hash({Keys}) AS h FROM {Table} WHERE {HasKey} GROUP BY h HAVING count(*) > 1))
          WHERE place > 1)
        """;

    /// <summary>A record that came twice has its rejects twice; only one of the rows is left, and so must its rejects be.</summary>
    public string DeleteDuplicateRejects
    {
        get
        {
            var rejects = StagingTables.Name(catalog, target.Schema, SystemTable.Rejects.Name);
            return $"""
                DELETE FROM {rejects} WHERE table_name = $table AND load_id = $load AND rowid NOT IN (
                  SELECT max(rowid) FROM {rejects} WHERE table_name = $table AND load_id = $load GROUP BY record_key::VARCHAR, column_name, raw_value)
                """;
        }
    }

    /// <summary>SELECT of what did not fit in this load.</summary>
    public string Rejects
    {
        get
        {
            var rejects = StagingTables.Name(catalog, target.Schema, SystemTable.Rejects.Name);
            return $"SELECT record_key, column_name, raw_value, load_id, run_id, rejected_at FROM {rejects} " +
                $"WHERE table_name = {DuckDBLiteral.Quote(target.Table)} AND load_id = {DuckDBLiteral.Quote(target.LoadId)}";
        }
    }

    /// <summary>One if there is a row under one of the conditions, else none.</summary>
    public string CountUnsupported(IEnumerable<string> conditions) =>
        $"SELECT count(*) FROM (SELECT 1 FROM {Table} WHERE true IN ({string.Join(", ", conditions)}) LIMIT 1)";

    /// <summary>Notes the values that the destination can't hold; text as JSON, for what can't be held must not stand in the note either.</summary>
    public string RejectUnsupported(string column, ColumnType type, string condition)
    {
        var value = StagingTables.Quote(column);
        var key = string.Join(", ", target.PrimaryKey.Select(name => $"{DuckDBLiteral.Quote(name)}, CAST({StagingTables.Quote(name)} AS VARCHAR)"));
        return $"""
            INSERT INTO {StagingTables.Name(catalog, target.Schema, SystemTable.Rejects.Name)}
            SELECT $table, json_object({key}), $column, CAST({(
                type == ColumnType.Text ? $"to_json({value})" : value
            )} AS VARCHAR), $load, $run, $at FROM {Table} WHERE {condition}
            """;
    }

    public string ClearUnsupported(string column, string condition) => $"UPDATE {Table} SET {StagingTables.Quote(column)} = NULL WHERE {condition}";

    public string DropTable => $"DROP TABLE IF EXISTS {Table}";

    private string Keys => string.Join(", ", target.PrimaryKey.Select(StagingTables.Quote));

    // Two rows without a key are two rows: nothing says that they are the same.
    private string HasKey => string.Join(" AND ", target.PrimaryKey.Select(key => $"{StagingTables.Quote(key)} IS NOT NULL"));

    private IEnumerable<string> Own =>
        [
            "_sluice_loaded_at TIMESTAMPTZ",
            "_sluice_run_id VARCHAR",
            .. target.MarksDeleted ? [$"{SystemColumns.DeletedAt} TIMESTAMPTZ"] : Array.Empty<string>(),
        ];

    private static string Names(IReadOnlyList<TableColumn> columns) => string.Join(", ", columns.Select(column => StagingTables.Quote(column.Name)));

    private static string Define(TableColumn column) => $"{StagingTables.Quote(column.Name)} {SqlType.Of(column.Type)}";
}

/// <summary>Makes the staging table wide enough for rows, and notes which column each field has in it. Nothing is ever made narrower.</summary>
internal sealed class StagingSchema(DuckDBConnection connection, LoadTarget target, StagingSql sql)
{
    private readonly string _mapping = StagingTables.Name(connection.Database, target.Schema, SystemTable.Mapping.Name);
    private readonly string _name = StagingSql.TableName(target);
    private Dictionary<string, string> _columns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>After a rollback nobody knows what the staging table looks like.</summary>
    public void Forget() => _columns.Clear();

    /// <summary>Makes the staging table take the columns, also if a stopped run has left it with others.</summary>
    public async Task FitAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        if (columns.All(column => _columns.TryGetValue(column.Name, out var type) && IsType(type, column)))
        {
            return;
        }

        await connection.RunAsync(sql.CreateTable(columns), cancel);
        var had = await connection.ColumnsAsync(target.Schema, _name, cancel);
        foreach (var column in columns)
        {
            await FitAsync(column, had.GetValueOrDefault(column.Name), cancel);
        }

        await NoteAsync(columns, cancel);
        _columns = columns.ToDictionary(column => column.Name, column => SqlType.Of(column.Type), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Which columns fields have in the staging table.</summary>
    public Task<IReadOnlyList<MappedColumn>> ReadMappingAsync(CancellationToken cancel) =>
        ColumnMapping.ReadAsync(connection, target.Schema, _name, cancel);

    public Task ForgetMappingAsync(CancellationToken cancel) =>
        connection.RunAsync($"DELETE FROM {_mapping} WHERE table_name = $table", cancel, ("table", _name));

    private static bool IsType(string type, TableColumn column) => SqlType.Of(SqlType.Parse(type)) == SqlType.Of(column.Type);

    private async Task FitAsync(TableColumn column, string? had, CancellationToken cancel)
    {
        if (had is null)
        {
            await connection.RunAsync(sql.AddColumn(column), cancel);
        }
        else if (!IsType(had, column))
        {
            // The user may have changed --columns between two runs: what is staged is not made narrower.
            if (column.Type != ColumnType.Text && (had, column.Type) != ("BIGINT", ColumnType.Double))
            {
                throw SchemaErrors.Unfit(target, column.Name, had, SqlType.Of(column.Type));
            }

            await connection.RunAsync(sql.WidenColumn(column.Name, SqlType.Of(column.Type)), cancel);
        }
    }

    private async Task NoteAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        foreach (var column in columns.Where(column => column.Origin != ColumnOrigin.Catalog))
        {
            var row = new ColumnRow(_name, new MappedColumn(column.Field, column.Name, SqlType.Of(column.Type), target.RunId, target.LoadedAt));
            (string Name, object? Value)[] values = [.. SystemTable.Mapping.Values.Select(one => (one.Name, one.Value(row)))];
            await connection.RunAsync(
                $"DELETE FROM {_mapping} WHERE table_name = $table_name AND field IS NOT DISTINCT FROM $field", cancel, values[..2]);
            await connection.RunAsync(
                $"INSERT INTO {_mapping} VALUES ({string.Join(", ", values.Select(value => $"${value.Name}"))})", cancel, values);
        }
    }
}
