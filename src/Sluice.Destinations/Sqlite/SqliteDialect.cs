using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using Sluice.Destinations.Merge;
using Sluice.Destinations.Models;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Sqlite;

/// <summary>SQLite's words. It has no schemas: a table of one that is not the usual one has its name before its own.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    private const int ConstraintError = 19;
    private const string JoinIndex = "_sluice_join";

    private static readonly string[] KeepsText = ["CHAR", "CLOB", "TEXT", "BLOB"];

    public override NameRules Names { get; } = new() { Taken = ["rowid", "oid", "_rowid_"] };

    protected override string Patched(string first, string second) => $"json_patch({first}, {second})";

    public override string Same => "IS";

    public override string Different => "IS NOT";

    public override IndexNames IndexNames => IndexNames.Fixed;

    public override string Table(string schema, string table) => $"main.{Quote(NameOf(schema, table))}";

    public override object Value(object? value) => value is DateTimeOffset time ? SqliteTime.Text(time) : base.Value(value);

    // The driver takes a text to end where it has U+0000.
    public override string Text(DbDataReader row, int ordinal) => Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(ordinal));

    // TEXT in a type's name is what keeps SQLite from making a number of JSON that looks like one.
    public override string Type(ColumnType type, bool isKey = false) => type switch
    {
        ColumnType.Bigint => "INTEGER",
        ColumnType.Double => "REAL",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Timestamp or ColumnType.UnixTime => "TIMESTAMPTZ",
        ColumnType.Json => "JSON TEXT",
        _ => "TEXT",
    };

    // A STRICT table knows whole numbers, other numbers and text.
    public override async Task<ColumnType> AddedTypeAsync(
        DbSession session, string schema, string table, ColumnType type, CancellationToken cancel) =>
        type is ColumnType.Bigint or ColumnType.Double or ColumnType.Text || !await IsStrictAsync(session, NameOf(schema, table), cancel)
            ? type
            : ColumnType.Text;

    public override async Task<OrderedDictionary<string, ColumnType>> ColumnsAsync(
        DbSession session,
        string schema,
        string table,
        CancellationToken cancel
    ) =>
        new(
            await session.ListAsync(
                "SELECT name, type FROM pragma_table_info(@table, 'main') ORDER BY cid",
                row => KeyValuePair.Create(row.GetString(0), Parse(row.GetString(1))),
                cancel,
                ("table", NameOf(schema, table))),
            StringComparer.OrdinalIgnoreCase);

    public override async Task<IReadOnlySet<string>> TablesAsync(DbSession session, string schema, CancellationToken cancel)
    {
        var prefix = NameOf(schema, "");
        var names = await session.ListAsync("SELECT name FROM main.sqlite_master WHERE type = 'table'", row => row.GetString(0), cancel);
        return names
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..])
            .ToHashSet(StringComparer.Ordinal);
    }

    public override Task CreateSchemaAsync(DbSession session, string schema, CancellationToken cancel) => Task.CompletedTask;

    // A transaction that writes is the only one from its beginning.
    public override Task LockAsync(DbSession session, string schema, string table, CancellationToken cancel) => Task.CompletedTask;

    public override Task WidenAsync(DbSession session, string schema, string table, IReadOnlyList<Widening> columns, CancellationToken cancel) =>
        SqliteWidening.RunAsync(session, this, NameOf(schema, table), columns, cancel);

    public override async Task<bool> MustStayAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        await session.ScalarAsync(
            "SELECT count(*) FROM main.sqlite_master WHERE tbl_name = @table COLLATE NOCASE AND type <> 'table' AND name NOT IN (@key, @find)",
            cancel,
            ("table", NameOf(schema, table)),
            ("key", NameOf(schema, KeyIndex.NameOf(this, table, isUnique: true))),
            ("find", NameOf(schema, KeyIndex.NameOf(this, table, isUnique: false)))
        ) > 0
        || (await SqliteDefinition.ReadAsync(session, NameOf(schema, table), cancel)).HasMoreThanTypes;

    public override async Task<IReadOnlyDictionary<string, string>> ForeignTypesAsync(
        DbSession session,
        string schema,
        string table,
        CancellationToken cancel
    )
    {
        var isStrict = await IsStrictAsync(session, NameOf(schema, table), cancel);
        return (await session.ListAsync(
            "SELECT name, type FROM pragma_table_info(@table, 'main')",
            row => KeyValuePair.Create(row.GetString(0), row.GetString(1)),
            cancel,
            ("table", NameOf(schema, table))))
            .Where(column => Parse(column.Value) == ColumnType.Text && (isStrict ? IsBlob(column.Value) : MakesNumbers(column.Value)))
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
    }

    public override async Task<Dependent?> TakenByAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        await session.ListAsync(
            """
            SELECT CASE type WHEN 'table' THEN 'virtual table' ELSE type END, type, name FROM main.sqlite_master
            WHERE name = @table COLLATE NOCASE AND (type IN ('view', 'index') OR (type = 'table' AND sql LIKE 'CREATE VIRTUAL %'))
            """,
            row => new Dependent(
                $"{(row.GetString(0) == "index" ? "an" : "a")} {row.GetString(0)}",
                $"DROP {row.GetString(1).ToUpperInvariant()} {Quote(row.GetString(2))};"),
            cancel,
            ("table", NameOf(schema, table))) is [var other, ..] ? other : null;

    public override ModelSql Models { get; } = new SqliteModelSql();

    public override async Task<IReadOnlySet<string>> OwnViewsAsync(DbSession session, string schema, CancellationToken cancel)
    {
        var prefix = NameOf(schema, "");
        return (await session.ListAsync(
            "SELECT name FROM main.sqlite_master WHERE type = 'view' AND instr(sql, @mark) > 0",
            row => row.GetString(0),
            cancel,
            ("mark", $" AS -- {ModelSql.Mark}")))
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..])
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    // SQLite has no statement that makes a column another one.
    public override async Task<IReadOnlyList<Misfit>> DemandsAsync(
        DbSession session,
        string schema,
        string table,
        Func<string, bool> isWritten,
        CancellationToken cancel
    ) =>
        [
            .. (await session.ListAsync(
                """
                SELECT name, hidden IN (2, 3) FROM pragma_table_xinfo(@table, 'main')
                WHERE hidden IN (2, 3) OR ("notnull" = 1 AND dflt_value IS NULL AND NOT (pk > 0 AND type = 'INTEGER' COLLATE NOCASE)) ORDER BY cid
                """,
                row => (Name: row.GetString(0), IsComputed: row.GetBoolean(1)),
                cancel,
                ("table", NameOf(schema, table))))
                .Where(column => column.IsComputed == isWritten(column.Name))
                .Select(column => new Misfit(
                    column.Name, column.IsComputed ? "is computed by the database" : "is NOT NULL and the rows have no value for it", null)),
        ];

    public override async Task SwapAsync(DbSession session, string schema, string made, string table, bool exists, CancellationToken cancel)
    {
        await session.RunAsync($"DROP TABLE IF EXISTS {Table(schema, table)}", cancel);
        await session.RunAsync($"ALTER TABLE {Table(schema, made)} RENAME TO {Quote(NameOf(schema, table))}", cancel);
    }

    public override Task PrepareJoinAsync(DbSession session, JoinedTable table, IReadOnlyList<string> key, CancellationToken cancel) =>
        session.RunAsync(
            $"CREATE INDEX {Place(table)}.{JoinIndex} ON {Quote(table.Schema is null ? table.Name : NameOf(table.Schema, table.Name))} " +
                $"({string.Join(", ", key.Select(Quote))})",
            cancel);

    public override Task EndJoinAsync(DbSession session, JoinedTable table, CancellationToken cancel) =>
        session.RunAsync($"DROP INDEX {Place(table)}.{JoinIndex}", cancel);

    public override Task<IReadOnlyList<string>> IndexColumnsAsync(DbSession session, KeyIndex index, CancellationToken cancel) =>
        session.ListAsync(
            "SELECT name FROM pragma_index_info(@index, 'main') ORDER BY seqno",
            row => row.GetString(0),
            cancel,
            ("index", NameOf(index.Schema, index.Name)));

    public override async Task<IndexOutcome> CreateIndexAsync(DbSession session, KeyIndex index, CancellationToken cancel)
    {
        try
        {
            var columns = string.Join(", ", index.Key.Select(Quote));
            await session.RunAsync(
                $"CREATE {(index.IsUnique ? "UNIQUE " : "")}INDEX {Index(index.Schema, index.Name)} ON " +
                    $"{Quote(NameOf(index.Schema, index.Table))} ({columns})",
                cancel);
            return IndexOutcome.Made;
        }
        catch (SqliteException error) when (error.SqliteErrorCode == ConstraintError)
        {
            return IndexOutcome.HasDuplicates;
        }
    }

    public override string Ascending(string column, ColumnType type) => column;

    /// <summary>The name of a table in the file.</summary>
    public static string NameOf(string schema, string table) =>
        string.Equals(schema, LoadTarget.DefaultSchema, StringComparison.Ordinal) || string.Equals(schema, "main", StringComparison.Ordinal)
            ? table
            : $"{schema}_{table}";

    private static string Place(JoinedTable table) => table.Schema is null ? "temp" : "main";

    // By SQLite's rules of affinity: such a column makes 7 of 007.
    private static bool MakesNumbers(string type) =>
        type.Length > 0 && !KeepsText.Any(word => type.Contains(word, StringComparison.OrdinalIgnoreCase));

    // A strict one takes no text.
    private static bool IsBlob(string type) => type.Equals("BLOB", StringComparison.OrdinalIgnoreCase);

    private static async Task<bool> IsStrictAsync(DbSession session, string table, CancellationToken cancel) =>
        await session.ScalarAsync(
            "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND name = @table COLLATE NOCASE AND strict", cancel, ("table", table)) > 0;

    private static ColumnType Parse(string type) => type.ToUpperInvariant() switch
    {
        "INTEGER" or "INT" or "BIGINT" => ColumnType.Bigint,
        "REAL" or "DOUBLE" or "FLOAT" or "DOUBLE PRECISION" => ColumnType.Double,
        "BOOLEAN" => ColumnType.Boolean,
        "TIMESTAMPTZ" => ColumnType.Timestamp,
        "JSON TEXT" or "JSON" => ColumnType.Json,
        _ => ColumnType.Text,
    };
}
