using System.Data;
using System.Data.Common;
using System.Globalization;
using Sluice.Destinations.Merge;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.MySql;

/// <summary>The words of MySQL and MariaDB.</summary>
internal sealed class MySqlDialect(MySqlNames names) : SqlDialect
{
    private const string JoinIndex = "_sluice_join";

    private readonly PendingSwaps _swaps = new(names);
    private readonly MySqlIndexes _indexes = new(names);

    /// <summary>What is known of the server.</summary>
    public MySqlServer Server { get; set; } = MySqlServer.Unknown;

    // Three columns that InnoDB has in every table, and a fourth that means something to it.
    public override NameRules Names { get; } = new()
    {
        Limit = MySqlNames.Limit,
        Taken = ["db_row_id", "db_trx_id", "db_roll_ptr", "fts_doc_id"],
        TakenEndings = [" "],
        HasBasicPlane = true,
    };

    public override string Same => "<=>";

    // Each statement sees what others have committed: the table's lock is what keeps writers apart.
    public override IsolationLevel Isolation => IsolationLevel.ReadCommitted;

    public override bool HoldsTables => false;

    public override bool HasOnConflict => false;

    public override IndexNames IndexNames => IndexNames.OfTable;

    private MySqlColumns Columns => new(Server.IsMariaDb);

    public override string Differ(string left, string right) => $"NOT ({left} {Same} {right})";

    public override string Integer(string expression) => $"CAST({expression} AS SIGNED)";

    public override string Quote(string identifier) => MySqlNames.Quote(identifier);

    public override string Table(string schema, string table) => names.Table(schema, table);

    public override object Value(object? value) => value is DateTimeOffset time ? time.UtcDateTime : base.Value(value);

    public override string Text(DbDataReader row, int ordinal) => row.GetValue(ordinal) switch
    {
        DateTime date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    public override string Type(ColumnType type, bool isKey = false) => type switch
    {
        ColumnType.Bigint => "BIGINT",
        ColumnType.Double => "DOUBLE",
        ColumnType.Boolean => "TINYINT(1)",
        ColumnType.Timestamp or ColumnType.UnixTime => "DATETIME(6)",
        ColumnType.Json => "JSON",
        _ => $"LONGTEXT CHARACTER SET utf8mb4 COLLATE {Server.Collation}",
    };

    // Where JSON is a type of its own, a text does not come back as it was.
    public override string SystemType(ColumnType type) => Type(type == ColumnType.Json ? ColumnType.Text : type);

    public override async Task<OrderedDictionary<string, ColumnType>> ColumnsAsync(
        DbSession session, string schema, string table, CancellationToken cancel) =>
        new(
            (await LiveAsync(session, schema, table, cancel)).Select(column => KeyValuePair.Create(column.Name, column.Type)),
            StringComparer.OrdinalIgnoreCase);

    public override async Task<IReadOnlySet<string>> TablesAsync(DbSession session, string schema, CancellationToken cancel)
    {
        var prefix = names.Prefix(schema);
        var found = await session.ListAsync(MySqlCatalog.Tables, row => row.GetString(0), cancel, ("schema", names.DatabaseOf(schema)));
        return found
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..])
            .ToHashSet(StringComparer.Ordinal);
    }

    public override async Task CreateSchemaAsync(DbSession session, string schema, CancellationToken cancel)
    {
        if (names.DatabaseOf(schema) == schema)
        {
            await session.RunAsync($"CREATE DATABASE IF NOT EXISTS {Quote(schema)} CHARACTER SET utf8mb4", cancel);
        }

        await _swaps.CreateAsync(session, schema, cancel);
    }

    // The connection may have no database, and a temporary table must be in one.
    public override async Task LockAsync(DbSession session, string schema, string table, CancellationToken cancel)
    {
        await NamedLock.TakeAsync(session, _swaps.LockOf(schema, table), cancel);
        await session.RunAsync($"USE {Quote(names.DatabaseOf(schema))}", cancel);
        await FinishAsync(session, schema, cancel);
    }

    public override Task FinishAsync(DbSession session, string schema, CancellationToken cancel) => _swaps.FinishAsync(session, schema, cancel);

    // A column of an index can't go; the merge makes the index again.
    public override async Task WidenAsync(DbSession session, string schema, string table, IReadOnlyList<Widening> columns, CancellationToken cancel)
    {
        if (columns.Any(column => column.IsKey))
        {
            await KeyIndex.DropAsync(session, schema, table, cancel);
        }

        await MySqlWidening.RunAsync(session, this, Table(schema, table), await LiveAsync(session, schema, table, cancel), columns, cancel);
    }

    public override async Task<IReadOnlyDictionary<string, string>> ForeignTypesAsync(
        DbSession session, string schema, string table, CancellationToken cancel) =>
        (await LiveAsync(session, schema, table, cancel))
            .Select(column => (column.Name, Foreign: column.Foreign(Server.Collation)))
            .Where(column => column.Foreign is not null)
            .ToDictionary(column => column.Name, column => column.Foreign!, StringComparer.OrdinalIgnoreCase);

    public override async Task<Dependent?> TakenByAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        await session.ListAsync(
            MySqlCatalog.TakenBy,
            row => row.GetString(0) == "VIEW"
                ? new Dependent("a view", $"DROP VIEW {Table(schema, table)};")
                : new Dependent($"a {row.GetString(0).ToLowerInvariant()}", $"DROP TABLE {Table(schema, table)};"),
            cancel,
            Place(schema, table)) is [var other, ..] ? other : null;

    public override async Task<IReadOnlyList<Misfit>> DemandsAsync(
        DbSession session, string schema, string table, Func<string, bool> isWritten, CancellationToken cancel)
    {
        var alter = $"ALTER TABLE {Table(schema, table)}";
        var engines = await session.ListAsync(
            MySqlCatalog.Engine,
            row => new Misfit("the engine", $"is {row.GetString(0)}, which has no transactions", $"{alter} ENGINE=InnoDB;"),
            cancel,
            Place(schema, table));
        var demands = await session.ListAsync(
            MySqlCatalog.Demands,
            row => (IsRequired: row.GetInt32(0) == 1, Name: row.GetString(1), Type: row.GetString(2), IsKey: row.GetInt32(3) == 1,
                IsVirtual: row.GetInt32(4) == 1),
            cancel,
            Place(schema, table));
        return
        [
            .. engines,
            .. demands
                .Where(column => column.IsRequired != isWritten(column.Name))
                .Select(column => new Misfit(
                    column.Name,
                    column.IsRequired ? "is NOT NULL and the rows have no value for it" : "is computed by the database",
                    column.IsVirtual ? $"{alter} DROP COLUMN {Quote(column.Name)};"
                        : $"{(column.IsKey ? $"{alter} DROP PRIMARY KEY, " : $"{alter} ")}MODIFY COLUMN {Quote(column.Name)} {column.Type} NULL;")),
        ];
    }

    public override string? ChangeType(string schema, string table, string column, string from, ColumnType to) =>
        to is ColumnType.Double or ColumnType.Timestamp && !from.Contains("COLLATE", StringComparison.Ordinal)
            ? $"ALTER TABLE {Table(schema, table)} MODIFY COLUMN {Quote(column)} {Type(to)};"
            : null;

    public override async Task<IReadOnlyList<Dependent>> DependentsAsync(
        DbSession session, string schema, string table, CancellationToken cancel) =>
        await session.ListAsync(
            MySqlCatalog.Dependents,
            row => new Dependent(
                $"the foreign key {row.GetString(2)} of {row.GetString(0)}.{row.GetString(1)}",
                $"ALTER TABLE {Quote(row.GetString(0))}.{Quote(row.GetString(1))} DROP FOREIGN KEY {Quote(row.GetString(2))};"),
            cancel,
            Place(schema, table));

    public override async Task<bool> MustStayAsync(DbSession session, string schema, string table, CancellationToken cancel)
    {
        (string, object?)[] own =
        [
            ("key", KeyIndex.NameOf(this, table, isUnique: true)), ("find", KeyIndex.NameOf(this, table, isUnique: false)), .. Place(schema, table),
        ];
        return await session.ScalarAsync(MySqlCatalog.MustStay, cancel, own) > 0
            || await session.ScalarAsync(Server.IsMariaDb ? MySqlCatalog.MariaDbChecks : MySqlCatalog.MySqlChecks, cancel, own) > 0;
    }

    // Comments of the old table are the new one's, too.
    public override async Task SwapAsync(DbSession session, string schema, string made, string table, bool exists, CancellationToken cancel)
    {
        if (exists && MySqlComments.HandedOver(
            (await CommentsAsync(session, schema, table, cancel))!, (await CommentsAsync(session, schema, made, cancel))!) is { } kept)
        {
            await CommentAsync(session, schema, made, kept, cancel);
        }

        await _swaps.AddAsync(session, schema, made, table, cancel);
    }

    public override async Task<TableDocs?> CommentsAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        TableComments.Of(await session.ListAsync(MySqlCatalog.Comments, TableComments.Row, cancel, Place(schema, table)));

    public override async Task CommentAsync(DbSession session, string schema, string table, TableDocs comments, CancellationToken cancel)
    {
        var columns = (await LiveAsync(session, schema, table, cancel)).Where(column => column.IsOurs(Server.Collation));
        if (MySqlComments.Changes(comments, columns.Select(column => (column.Name, Type(column.Type)))) is { Length: > 0 } changes)
        {
            await session.RunAsync($"ALTER TABLE {Table(schema, table)} {changes}", cancel);
        }
    }

    public override string Temporary(string name) => Quote(name);

    public override string DropTemporary(string name) => $"DROP TEMPORARY TABLE {Temporary(name)}";

    public override string Delete(string alias, string rows) => $"DELETE {alias} FROM {rows}";

    public override string Update(string table, string alias, IEnumerable<(string Column, string Value)> set, string from, string condition) =>
        $"UPDATE {table} AS {alias} JOIN {from} ON {condition} SET {string.Join(", ", set.Select(one => $"{alias}.{one.Column} = {one.Value}"))}";

    // MySQL opens a temporary table once in a statement.
    public override string RangeRows(string live, string column, string? from, string? to, string incoming) =>
        $"{live} AS old JOIN (SELECT min({column}) AS least, max({column}) AS most FROM {incoming}) AS came " +
            $"WHERE old.{column} BETWEEN {from ?? "came.least"} AND {to ?? "came.most"}";

    public override async Task PrepareJoinAsync(DbSession session, JoinedTable table, IReadOnlyList<string> key, CancellationToken cancel)
    {
        var name = Joined(table);
        await session.RunAsync($"ALTER TABLE {name} ADD INDEX {JoinIndex} ({await MySqlIndexes.PartsAsync(session, name, key, cancel)})", cancel);
    }

    public override Task EndJoinAsync(DbSession session, JoinedTable table, CancellationToken cancel) =>
        session.RunAsync($"ALTER TABLE {Joined(table)} DROP INDEX {JoinIndex}", cancel);

    public override int? MostKeyBytes(int columns) => MySqlIndexes.MostLetters(columns);

    public override Task<IReadOnlyList<string>> IndexColumnsAsync(DbSession session, KeyIndex index, CancellationToken cancel) =>
        _indexes.ColumnsAsync(session, index, cancel);

    public override Task DropIndexAsync(DbSession session, KeyIndex index, CancellationToken cancel) => _indexes.DropAsync(session, index, cancel);

    public override Task<IndexOutcome> CreateIndexAsync(DbSession session, KeyIndex index, CancellationToken cancel) =>
        _indexes.CreateAsync(session, index, cancel);

    // NULL comes first by itself, and the collation orders by bytes.
    public override string Ascending(string column, ColumnType type) => column;

    private Task<IReadOnlyList<MySqlColumn>> LiveAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        Columns.ReadAsync(session, names.DatabaseOf(schema), names.Bare(schema, table), cancel);

    private (string, object?)[] Place(string schema, string table) =>
        [("schema", names.DatabaseOf(schema)), ("table", names.Bare(schema, table))];

    private string Joined(JoinedTable table) => table.Schema is null ? Temporary(table.Name) : Table(table.Schema, table.Name);
}
