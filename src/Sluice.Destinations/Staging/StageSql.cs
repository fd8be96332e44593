using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Staging;

/// <summary>The statements on the table that rows are staged in.</summary>
internal sealed class StageSql(LoadTarget target, string catalog)
{
    /// <summary>The column of rows that Customer.io no longer has.</summary>
    public const string DeletedAt = "_sluice_deleted_at";

    public string Aside { get; } = StageTables.Name(catalog, target.Schema, AsideName(target));

    /// <summary>The table that is built beside the one that readers see.</summary>
    public static string AsideName(LoadTarget target) => $"_sluice_new_{target.Table}";

    public string CreateAside(IReadOnlyList<TableColumn> columns) => $"CREATE TABLE IF NOT EXISTS {Aside} ({string.Join(", ", columns.Select(Define).Concat(Own))})";

    public string AddToAside(TableColumn column) => $"ALTER TABLE {Aside} ADD COLUMN IF NOT EXISTS {Define(column)}";

    public string WidenAside(string column, string type) => $"ALTER TABLE {Aside} ALTER COLUMN {StageTables.Quote(column)} TYPE {type}";

    public string Insert(string select, IReadOnlyList<TableColumn> columns, long? most) =>
        $"INSERT INTO {Aside} ({Names(columns)}, _sluice_loaded_at, _sluice_run_id)\n" +
        $"SELECT *, $at, $run FROM (\n{select}\n) AS rows{(most is { } limit ? $" LIMIT {limit}" : "")}";

    public string InsertRejects(string select) =>
        $"INSERT INTO {StageTables.Name(catalog, target.Schema, StageTables.Rejects)}\n" +
        $"SELECT $table, record_key, column_name, raw_value, $load, $run, $at FROM (\n{select}\n) AS rejects";

    /// <summary>Whether some key stands twice; on hashes, since a million long keys would not fit the memory that a load may use.</summary>
    public string HasDoubles => $"SELECT count(*) FROM (SELECT hash({Keys}) AS h FROM {Aside} WHERE {HasKey} GROUP BY h HAVING count(*) > 1 LIMIT 1)";

    /// <summary>Leaves of equal keys the row that came last; only candidates by hash are compared in full.</summary>
    public string DeleteDoubles => $"""
        DELETE FROM {Aside} WHERE rowid IN (
          SELECT row FROM (
            SELECT rowid AS row, row_number() OVER (PARTITION BY {Keys} ORDER BY rowid DESC) AS place FROM {Aside}
            WHERE {HasKey} AND hash({Keys}) IN (SELECT hash({Keys}) AS h FROM {Aside} WHERE {HasKey} GROUP BY h HAVING count(*) > 1))
          WHERE place > 1)
        """;

    /// <summary>A record that came twice has its rejects twice; only one of the rows is left, and so must its rejects be.</summary>
    public string DeleteDoubledRejects
    {
        get
        {
            var rejects = StageTables.Name(catalog, target.Schema, StageTables.Rejects);
            return $"""
                DELETE FROM {rejects} WHERE table_name = $table AND load_id = $load AND rowid NOT IN (
                  SELECT max(rowid) FROM {rejects} WHERE table_name = $table AND load_id = $load GROUP BY record_key::VARCHAR, column_name, raw_value)
                """;
        }
    }

    /// <summary>Notes the values that the destination can't hold; text as JSON, for what can't be held must not stand in the note either.</summary>
    public string RejectUnheld(string column, ColumnType type, string condition)
    {
        var value = StageTables.Quote(column);
        var key = string.Join(", ", target.PrimaryKey.Select(name => $"{DuckDBLiteral.Quote(name)}, CAST({StageTables.Quote(name)} AS VARCHAR)"));
        return $"""
            INSERT INTO {StageTables.Name(catalog, target.Schema, StageTables.Rejects)}
            SELECT $table, json_object({key}), $column, CAST({(type == ColumnType.Text ? $"to_json({value})" : value)} AS VARCHAR), $load, $run, $at FROM {Aside} WHERE {condition}
            """;
    }

    public string ClearUnheld(string column, string condition) => $"UPDATE {Aside} SET {StageTables.Quote(column)} = NULL WHERE {condition}";

    public string DropAside => $"DROP TABLE IF EXISTS {Aside}";

    private string Keys => string.Join(", ", target.PrimaryKey.Select(StageTables.Quote));

    // Two rows without a key are two rows: nothing says that they are the same.
    private string HasKey => string.Join(" AND ", target.PrimaryKey.Select(key => $"{StageTables.Quote(key)} IS NOT NULL"));

    private IEnumerable<string> Own => ["_sluice_loaded_at TIMESTAMPTZ", "_sluice_run_id VARCHAR", .. target.MarksDeleted ? [$"{DeletedAt} TIMESTAMPTZ"] : Array.Empty<string>()];

    private static string Names(IReadOnlyList<TableColumn> columns) => string.Join(", ", columns.Select(column => StageTables.Quote(column.Name)));

    private static string Define(TableColumn column) => $"{StageTables.Quote(column.Name)} {SqlType.Of(column.Type)}";
}
