using DuckDB.NET.Data;
using Sluice.Destinations.Merge;
using Sluice.Destinations.Models;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.DuckDb;

/// <summary>DuckDB's words. Names are written with the catalog, which is called after the file.</summary>
internal sealed class DuckDbDialect(string catalog) : SqlDialect
{
    /// <summary>A session on a connection that is somebody else's, as is its transaction.</summary>
    public static DbSession SessionOn(DuckDBConnection connection) => new(connection, new DuckDbDialect(connection.Database), isBorrowed: true);

    public override string Table(string schema, string table) => StagingTables.Name(catalog, schema, table);

    public override string Parameter(string name) => $"${name}";

    public override string JsonParameter(string name) => $"${name}::JSON";

    public override string Type(ColumnType type, bool isKey = false) => SqlType.Of(type);

    public override async Task<IReadOnlySet<string>> TablesAsync(DbSession session, string schema, CancellationToken cancel)
    {
        var names = await session.ListAsync(
            "SELECT table_name FROM duckdb_tables() WHERE lower(schema_name) = lower($schema) AND database_name = current_database()",
            row => row.GetString(0),
            cancel,
            ("schema", schema));
        return names.ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    public override Task CreateSchemaAsync(DbSession session, string schema, CancellationToken cancel) =>
        session.RunAsync($"CREATE SCHEMA IF NOT EXISTS {Quote(catalog)}.{Quote(schema)}", cancel);

    public override async Task<OrderedDictionary<string, ColumnType>> ColumnsAsync(
        DbSession session,
        string schema,
        string table,
        CancellationToken cancel
    ) =>
        new(
            (await TypesAsync(session, schema, table, cancel)).Select(column => KeyValuePair.Create(column.Key, SqlType.Parse(column.Value))),
            StringComparer.OrdinalIgnoreCase);

    public override async Task<IReadOnlyDictionary<string, string>> ForeignTypesAsync(
        DbSession session,
        string schema,
        string table,
        CancellationToken cancel
    ) =>
        (await TypesAsync(session, schema, table, cancel))
            .Where(column => column.Value != "VARCHAR" && SqlType.Parse(column.Value) == ColumnType.Text)
            .ToDictionary(StringComparer.OrdinalIgnoreCase);

    // Only one process has the file open, and its tables are loaded one at a time.
    public override Task LockAsync(DbSession session, string schema, string table, CancellationToken cancel) => Task.CompletedTask;

    public override async Task WidenAsync(DbSession session, string schema, string table, IReadOnlyList<Widening> columns, CancellationToken cancel)
    {
        foreach (var column in columns)
        {
            await session.RunAsync($"ALTER TABLE {Table(schema, table)} ALTER COLUMN {Quote(column.Column)} TYPE {Type(column.To)}", cancel);
        }
    }

    // A view finds its table by name, and takes the new one, which is given indexes and comments; constraints and defaults only this one has.
    public override async Task<bool> MustStayAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        await session.ScalarAsync(
            $"""
            SELECT (
              SELECT count(*) FROM duckdb_constraints()
              WHERE {DuckDbCatalog.Place}) + (
              {ConnectionExtensions.ColumnsSql(Table(schema, table), "count(\"default\")")})
            """,
            cancel,
            ("schema", schema),
            ("table", table)
        ) > 0;

    public override async Task SwapAsync(DbSession session, string schema, string made, string table, bool exists, CancellationToken cancel)
    {
        var kept = !exists ? [] : await session.ListAsync(
            DuckDbCatalog.HandOver(Table(schema, made)),
            row => row.GetString(0),
            cancel,
            ("schema", schema),
            ("table", table),
            ("name", Table(schema, table)));
        await base.SwapAsync(session, schema, made, table, exists, cancel);
        foreach (var statement in kept)
        {
            await session.RunAsync(statement, cancel);
        }
    }

    public override async Task<TableDocs?> CommentsAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        TableComments.Of(await session.ListAsync(
            DuckDbCatalog.Comments, TableComments.Row, cancel, ("schema", schema), ("table", table)));

    // A comment can't be a parameter.
    public override async Task CommentAsync(DbSession session, string schema, string table, TableDocs comments, CancellationToken cancel)
    {
        var name = Table(schema, table);
        if (comments.Table.Length > 0)
        {
            await session.RunAsync($"COMMENT ON TABLE {name} IS {DuckDBLiteral.Quote(comments.Table)}", cancel);
        }

        foreach (var (column, comment) in comments.Columns)
        {
            await session.RunAsync($"COMMENT ON COLUMN {name}.{Quote(column)} IS {DuckDBLiteral.Quote(comment)}", cancel);
        }
    }

    public override async Task<Dependent?> TakenByAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        await session.ScalarAsync(
            "SELECT count(*) FROM duckdb_views() WHERE lower(schema_name) = lower($schema) AND lower(view_name) = lower($table) " +
                "AND database_name = current_database()",
            cancel,
            ("schema", schema),
            ("table", table)
        ) > 0
            ? new Dependent("a view", $"DROP VIEW {Quote(schema)}.{Quote(table)};")
            : null;

    public override ModelSql Models { get; } = new DuckDbModelSql();

    public override async Task<IReadOnlySet<string>> OwnViewsAsync(DbSession session, string schema, CancellationToken cancel) =>
        (await session.ListAsync(
            "SELECT view_name FROM duckdb_views() WHERE lower(schema_name) = lower($schema) AND database_name = current_database() " +
                "AND starts_with(comment, $mark)",
            row => row.GetString(0),
            cancel,
            ("schema", schema),
            ("mark", ModelSql.Mark))).ToHashSet(StringComparer.OrdinalIgnoreCase);

    public override async Task<IReadOnlyList<Misfit>> DemandsAsync(
        DbSession session,
        string schema,
        string table,
        Func<string, bool> isWritten,
        CancellationToken cancel
    ) =>
        [
            .. (await ComputedAsync(session, schema, table, cancel)).Where(isWritten)
                .Select(column => new Misfit(column, "is computed by the database", null)),
            .. (await session.ListAsync(
                $"{ConnectionExtensions.ColumnsSql(Table(schema, table), DuckDbCatalog.Demand)} {DuckDbCatalog.IsDemand}",
                row => (Name: row.GetString(0), IsKey: row.GetBoolean(1)),
                cancel))
                .Where(column => !isWritten(column.Name))
                .Select(column => new Misfit(
                    column.Name,
                    "is NOT NULL and the rows have no value for it",
                    column.IsKey ? null : $"ALTER TABLE {Quote(schema)}.{Quote(table)} ALTER COLUMN {Quote(column.Name)} DROP NOT NULL;")),
        ];

    // Next to no table has any.
    private static async Task<IReadOnlyList<string>> ComputedAsync(DbSession session, string schema, string table, CancellationToken cancel)
    {
        (string, object?)[] place = [("schema", schema), ("table", table)];
        return await session.ScalarAsync(DuckDbCatalog.HasComputed, cancel, place) == 0 ? []
            : await session.ListAsync(DuckDbCatalog.Computed, row => row.GetString(0), cancel, place);
    }

    public override string? ChangeType(string schema, string table, string column, string from, ColumnType to)
    {
        var name = Quote(column);
        var value = (from, to) switch
        {
            ("TIMESTAMP", ColumnType.Timestamp) => $"{name} AT TIME ZONE 'UTC'",
            ("DATE", ColumnType.Timestamp) => $"{name}::TIMESTAMP AT TIME ZONE 'UTC'",
            (_, ColumnType.Bigint or ColumnType.Double) when DuckDbCatalog.IsNumber(from) => $"{name}::{Type(to)}",
            _ => null,
        };
        return value is null ? null : $"ALTER TABLE {Quote(schema)}.{Quote(table)} ALTER COLUMN {name} TYPE {Type(to)} USING {value};";
    }

    // The values themselves of many rows would not fit the memory.
    public override string SameValues(IEnumerable<string> old, IEnumerable<string> came) =>
        $"hash({string.Join(", ", old)}) = hash({string.Join(", ", came)})";

    // Said so, all of the comparison is one hash join.
    public override string DropSame(string incoming, string newRows, string oldRows, string same) =>
        $"DELETE FROM {incoming} WHERE rowid IN (SELECT new.{MergeSql.Row} FROM {newRows} AS new SEMI JOIN {oldRows} AS old ON ({same}))";

    private Task<IReadOnlyList<KeyValuePair<string, string>>> TypesAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        ConnectionExtensions.OrNoneAsync(session.ListAsync(
            ConnectionExtensions.ColumnsSql(Table(schema, table)), row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), cancel));
}
