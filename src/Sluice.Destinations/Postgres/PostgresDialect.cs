using Npgsql;
using Sluice.Destinations.Merge;
using Sluice.Destinations.Models;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Postgres;

/// <summary>PostgreSQL's words.</summary>
internal sealed class PostgresDialect : SqlDialect
{
    /// <summary>The longest name; PostgreSQL would cut a longer one without a word.</summary>
    public static readonly NameLimit Limit = new(63, "PostgreSQL");

    // An index takes a third of a page; a compressed key could be longer, but not every key can be compressed.
    private const int MostIndexedBytes = 2000;
    private const string DoubleKey = "23505";
    private const string LimitExceeded = "54000";

    public override NameRules Names { get; } = new() { Limit = Limit, Taken = ["ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"] };

    public override int? MostKeyBytes(int columns) => MostIndexedBytes;

    public static string Quoted(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    protected override string EmptyObject => "'{}'::jsonb";

    // Of anything but objects || makes an array.
    protected override string Patched(string first, string second) =>
        $"(CASE WHEN jsonb_typeof({first}) = 'object' AND jsonb_typeof({second}) = 'object' THEN {first} || {second} ELSE {second} END)";

    public override string Quote(string identifier) => Quoted(identifier);

    public override string JsonParameter(string name) => $"@{name}::json";

    public override object Value(object? value) => value is DateTimeOffset time ? time.ToUniversalTime() : base.Value(value);

    // Keys are compared by their bytes: that is how their index is built and searched fastest, and in the same order everywhere.
    public override string Type(ColumnType type, bool isKey = false) => type switch
    {
        ColumnType.Bigint => "bigint",
        ColumnType.Double => "double precision",
        ColumnType.Boolean => "boolean",
        ColumnType.Timestamp or ColumnType.UnixTime => "timestamptz",
        ColumnType.Json => "jsonb",
        _ => isKey ? "text COLLATE \"C\"" : "text",
    };

    // Unlike jsonb, json keeps every character, U+0000 in a key too.
    public override string SystemType(ColumnType type) => type == ColumnType.Json ? "json" : Type(type);

    public override async Task<OrderedDictionary<string, ColumnType>> ColumnsAsync(
        DbSession session, string schema, string table, CancellationToken cancel)
    {
        var found = new OrderedDictionary<string, ColumnType>(StringComparer.OrdinalIgnoreCase);
        foreach (
            var (name, type) in await session.ListAsync(
                PostgresCatalog.Columns, row => (row.GetString(0), row.GetString(1)), cancel, ("schema", schema), ("table", table)))
        {
            found.TryAdd(name, Parse(type));
        }

        return found;
    }

    public override async Task<IReadOnlySet<string>> TablesAsync(DbSession session, string schema, CancellationToken cancel) =>
        (await session.ListAsync(PostgresCatalog.Tables, row => row.GetString(0), cancel, ("schema", schema))).ToHashSet(StringComparer.Ordinal);

    public override async Task CreateSchemaAsync(DbSession session, string schema, CancellationToken cancel)
    {
        await LockAsync(session, $"schema {schema}", cancel);
        if (await session.ScalarAsync("SELECT count(*) FROM pg_namespace WHERE nspname = @schema", cancel, ("schema", schema)) == 0)
        {
            await session.RunAsync($"CREATE SCHEMA {Quote(schema)}", cancel);
        }
    }

    public override async Task LockAsync(DbSession session, string schema, string table, CancellationToken cancel)
    {
        // The first lock is against another Sluice, also while there is no table; the second against everybody else who writes.
        await LockAsync(session, $"table {Table(schema, table)}", cancel);
        if ((await TablesAsync(session, schema, cancel)).Contains(table))
        {
            await session.RunAsync($"LOCK TABLE {Table(schema, table)} IN SHARE ROW EXCLUSIVE MODE", cancel);
        }
    }

    public override Task WidenAsync(DbSession session, string schema, string table, IReadOnlyList<Widening> columns, CancellationToken cancel) =>
        PostgresViews.WithoutAsync(
            session, Table(schema, table), () => PostgresWidening.RunAsync(session, this, (schema, table), columns, cancel), cancel);

    public override async Task<IReadOnlyList<(string Schema, string Table)>> OwnersAsync(
        DbSession session, string schema, string table, string? column, CancellationToken cancel) =>
        column is null
            ? await PostgresParents.WholeAsync(session, Table(schema, table), cancel)
            : await PostgresParents.OriginsAsync(session, Table(schema, table), column, cancel);

    public override async Task<IReadOnlyDictionary<string, string>> ForeignTypesAsync(
        DbSession session,
        string schema,
        string table,
        CancellationToken cancel
    ) =>
        (await session.ListAsync(
            PostgresCatalog.ForeignTypes,
            row => KeyValuePair.Create(row.GetString(0), row.GetString(1)),
            cancel,
            ("table", Table(schema, table)))).ToDictionary(StringComparer.OrdinalIgnoreCase);

    public override async Task<Dependent?> TakenByAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        await session.ListAsync(
            PostgresCatalog.TakenBy,
            row => new Dependent(row.GetString(0), row.GetString(1)),
            cancel,
            ("schema", schema),
            ("table", table)) is [var other, ..] ? other : null;

    public override async Task<IReadOnlyList<Misfit>> DemandsAsync(
        DbSession session,
        string schema,
        string table,
        Func<string, bool> isWritten,
        CancellationToken cancel
    ) =>
        [
            .. (await session.ListAsync(
                PostgresCatalog.Demands,
                row => (IsRequired: row.GetBoolean(0), Misfit: new Misfit(row.GetString(1), row.GetString(2), row.GetString(3))),
                cancel,
                ("table", Table(schema, table)),
                ("column", null)))
                .Where(demand => demand.IsRequired != isWritten(demand.Misfit.Column))
                .Select(demand => demand.Misfit),
        ];

    public override string? ChangeType(string schema, string table, string column, string from, ColumnType to)
    {
        var name = Quote(column);
        var value = (from, to) switch
        {
            ("timestamp without time zone", ColumnType.Timestamp) => $"{name} AT TIME ZONE 'UTC'",
            ("date", ColumnType.Timestamp) => $"{name}::timestamp AT TIME ZONE 'UTC'",
            ("numeric", ColumnType.Bigint or ColumnType.Double) or ("json", ColumnType.Json) => $"{name}::{Type(to)}",
            _ => null,
        };
        return value is null ? null : $"ALTER TABLE {Table(schema, table)} ALTER COLUMN {name} TYPE {Type(to)} USING {value};";
    }

    public override Task<IReadOnlyList<Dependent>> DependentsAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        PostgresDependents.OfTableAsync(session, Table(schema, table), cancel);

    public override async Task<bool> MustStayAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        await session.ScalarAsync(
            PostgresCatalog.MustStay,
            cancel,
            ("models", (await PostgresViews.UponAsync(session, Table(schema, table), cancel)).All(view => view.IsOwn)),
            ("table", Table(schema, table)),
            ("key", KeyIndex.NameOf(this, table, isUnique: true)),
            ("find", KeyIndex.NameOf(this, table, isUnique: false)),
            ("mark", ColumnIndexes.Mark)
        ) > 0;

    public override Task SwapAsync(DbSession session, string schema, string made, string table, bool exists, CancellationToken cancel) =>
        PostgresViews.WithoutAsync(session, Table(schema, table), () => PutInPlaceAsync(session, schema, made, table, exists, cancel), cancel);

    private async Task PutInPlaceAsync(DbSession session, string schema, string made, string table, bool exists, CancellationToken cancel)
    {
        if (exists)
        {
            var statements = await session.ListAsync(
                PostgresCatalog.HandOver, row => row.GetString(0), cancel, ("old", Table(schema, table)), ("new", Table(schema, made)));
            foreach (var statement in statements.Append($"DROP TABLE {Table(schema, table)}"))
            {
                await session.RunAsync(statement, cancel);
            }
        }

        await session.RunAsync($"ALTER TABLE {Table(schema, made)} RENAME TO {Quote(table)}", cancel);
        foreach (var isUnique in new[] { true, false })
        {
            await session.RunAsync(
                $"ALTER INDEX IF EXISTS {Index(schema, KeyIndex.NameOf(this, made, isUnique))} RENAME TO " +
                    $"{Quote(KeyIndex.NameOf(this, table, isUnique))}",
                cancel);
        }
    }

    public override ModelSql Models { get; } = new PostgresModelSql();

    public override Task<IReadOnlySet<string>> OwnViewsAsync(DbSession session, string schema, CancellationToken cancel) =>
        PostgresViews.OwnAsync(session, schema, cancel);

    public override Task CreateViewsAsync(
        DbSession session, IEnumerable<string> views, IReadOnlyList<string> former, IReadOnlyList<string> stale, CancellationToken cancel) =>
        PostgresViews.CreateAsync(session, [.. views], former, stale, cancel);

    public override Task<TableDocs?> CommentsAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        PostgresComments.ReadAsync(session, Table(schema, table), cancel);

    public override Task CommentAsync(DbSession session, string schema, string table, TableDocs comments, CancellationToken cancel) =>
        PostgresComments.WriteAsync(session, Table(schema, table), comments, cancel);

    public override string Temporary(string name) => $"pg_temp.{Quote(name)}";

    public override string CreateTemporary(string name, string columns) => $"CREATE TEMPORARY TABLE {Quote(name)} ({columns}) ON COMMIT DROP";

    public override Task<IReadOnlyList<string>> IndexColumnsAsync(DbSession session, KeyIndex index, CancellationToken cancel) =>
        session.ListAsync(PostgresCatalog.IndexColumns, row => row.GetString(0), cancel, ("schema", index.Schema), ("index", index.Name));

    public override async Task<IndexOutcome> CreateIndexAsync(DbSession session, KeyIndex index, CancellationToken cancel)
    {
        var columns = string.Join(", ", index.Key.Select(Quote));
        await session.RunAsync("SAVEPOINT before_index", cancel);
        try
        {
            await session.RunAsync(
                $"CREATE {(index.IsUnique ? "UNIQUE " : "")}INDEX {Quote(index.Name)} ON {Table(index.Schema, index.Table)} ({columns})", cancel);
            return IndexOutcome.Made;
        }
        catch (PostgresException error) when (error.SqlState is DoubleKey or LimitExceeded)
        {
            await session.RunAsync("ROLLBACK TO SAVEPOINT before_index", cancel);
            return error.SqlState == DoubleKey ? IndexOutcome.HasDuplicates : IndexOutcome.KeyTooLong;
        }
    }

    public override bool HasColumnIndexes => true;

    public override string HashHint(string left, string right) => $" AND coalesce({left}::text, '') = coalesce({right}::text, '')";

    public override string Ascending(string column, ColumnType type) =>
        type is ColumnType.Text or ColumnType.Json ? $"{column}::text COLLATE \"C\" NULLS FIRST" : $"{column} NULLS FIRST";

    private static Task LockAsync(DbSession session, string what, CancellationToken cancel) =>
        session.RunAsync("SELECT pg_advisory_xact_lock(hashtextextended(@what, 0))", cancel, ("what", $"sluice {what}"));

    private static ColumnType Parse(string type) => type switch
    {
        "bigint" or "integer" or "smallint" => ColumnType.Bigint,
        "double precision" or "real" => ColumnType.Double,
        "boolean" => ColumnType.Boolean,
        "timestamp with time zone" => ColumnType.Timestamp,
        "jsonb" or "json" => ColumnType.Json,
        _ => ColumnType.Text,
    };
}
