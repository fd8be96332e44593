using System.Data;
using System.Data.Common;
using System.Globalization;
using Sluice.Destinations.Models;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Merge;

/// <summary>A column that gets a type which holds more.</summary>
/// <param name="Column">The column's name in the table.</param>
/// <param name="From">What it was.</param>
/// <param name="To">What it becomes.</param>
/// <param name="IsKey">Whether rows are known by it.</param>
internal sealed record Widening(string Column, ColumnType From, ColumnType To, bool IsKey);

/// <summary>A table that was filled to be joined with another one.</summary>
/// <param name="Schema">Its schema; null for a temporary table.</param>
/// <param name="Name">Its name.</param>
internal sealed record JoinedTable(string? Schema, string Name);

/// <summary>What one SQL database says differently from another. What it leaves as it is here is the SQL that most of them speak.</summary>
internal abstract class SqlDialect
{
    /// <summary>Which names columns can have.</summary>
    public virtual NameRules Names => NameRules.Default;

    /// <summary>The comparison by which NULL is the same as NULL.</summary>
    public virtual string Same => "IS NOT DISTINCT FROM";

    /// <summary>The opposite of <see cref="Same"/>.</summary>
    public virtual string Different => "IS DISTINCT FROM";

    /// <summary>How much of what others commit meanwhile a transaction sees; what is usual for the driver if unspecified.</summary>
    public virtual IsolationLevel Isolation => IsolationLevel.Unspecified;

    /// <summary>
    /// Whether a transaction holds tables that are made and changed in it, too. Where it does not, such a statement commits: then they all come
    /// before the first row that readers could see is changed, a new table waits under another name until <see cref="FinishAsync"/>, and each table
    /// is a transaction of its own.
    /// </summary>
    public virtual bool HoldsTables => true;

    /// <summary>The condition that two lists of values differ.</summary>
    public virtual string Differ(string left, string right) => $"{left} {Different} {right}";

    /// <summary>Makes an integer of an expression.</summary>
    public virtual string Integer(string expression) => $"CAST({expression} AS BIGINT)";

    /// <summary>Deletes rows of a table that is called by an alias.</summary>
    /// <param name="alias">The alias.</param>
    /// <param name="rows">What follows FROM.</param>
    public virtual string Delete(string alias, string rows) => $"DELETE FROM {rows}";

    /// <summary>Updates rows of a table by those of another one.</summary>
    /// <param name="table">The table, quoted.</param>
    /// <param name="alias">What the condition calls it.</param>
    /// <param name="set">Columns, quoted, with their new values.</param>
    /// <param name="from">The other table with its alias.</param>
    /// <param name="condition">Which rows belong together, and which of them are updated.</param>
    public virtual string Update(string table, string alias, IEnumerable<(string Column, string Value)> set, string from, string condition) =>
        $"UPDATE {table} AS {alias} SET {string.Join(", ", set.Select(one => $"{one.Column} = {one.Value}"))} FROM {from} WHERE {condition}";

    /// <summary>Rows of a table ("old") in a range, as what follows FROM.</summary>
    /// <param name="live">The table, quoted.</param>
    /// <param name="column">The column, quoted.</param>
    /// <param name="from">The range's beginning; null for the least value that came.</param>
    /// <param name="to">The range's end; null for the greatest value that came.</param>
    /// <param name="incoming">The table with the rows that came, quoted.</param>
    public virtual string RangeRows(string live, string column, string? from, string? to, string incoming) =>
        $"{live} AS old WHERE old.{column} BETWEEN {from ?? $"(SELECT min({column}) FROM {incoming})"} AND "
        + (to ?? $"(SELECT max({column}) FROM {incoming})");

    /// <summary>Quotes a name.</summary>
    public virtual string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A table's whole name, quoted.</summary>
    public virtual string Table(string schema, string table) => $"{Quote(schema)}.{Quote(table)}";

    /// <summary>The place of a value in a statement.</summary>
    public virtual string Parameter(string name) => $"@{name}";

    /// <summary>The same for a value that goes into a system table's column with JSON.</summary>
    public virtual string JsonParameter(string name) => Parameter(name);

    /// <summary>The value as the driver takes it.</summary>
    public virtual object Value(object? value) => value ?? DBNull.Value;

    /// <summary>Reads a text, all of it.</summary>
    public virtual string Text(DbDataReader row, int ordinal) => Convert.ToString(row.GetValue(ordinal), CultureInfo.InvariantCulture)!;

    /// <summary>The type of a data column.</summary>
    /// <param name="type">Its type in the catalog's words.</param>
    /// <param name="isKey">Whether rows are known by it.</param>
    public abstract string Type(ColumnType type, bool isKey = false);

    /// <summary>The type of a system table's column; <see cref="ColumnType.Json"/> must keep the text as it is.</summary>
    public virtual string SystemType(ColumnType type) => Type(type);

    /// <summary>What a column becomes that is added to a table: what it is, unless the table takes no such type.</summary>
    public virtual Task<ColumnType> AddedTypeAsync(DbSession session, string schema, string table, ColumnType type, CancellationToken cancel) =>
        Task.FromResult(type);

    /// <summary>The tables in which a column is changed, or a new one added: those above a table of which it has its columns.</summary>
    public virtual Task<IReadOnlyList<(string Schema, string Table)>> OwnersAsync(
        DbSession session, string schema, string table, string? column, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<(string Schema, string Table)>>([(schema, table)]);

    /// <summary>The names of a schema's tables.</summary>
    public abstract Task<IReadOnlySet<string>> TablesAsync(DbSession session, string schema, CancellationToken cancel);

    /// <summary>Makes the schema, if need be; alone, since two that make it at once would collide.</summary>
    public abstract Task CreateSchemaAsync(DbSession session, string schema, CancellationToken cancel);

    /// <summary>Reads columns and types of a table in their order; empty when there is no such table.</summary>
    public abstract Task<OrderedDictionary<string, ColumnType>> ColumnsAsync(
        DbSession session, string schema, string table, CancellationToken cancel);

    /// <summary>
    /// The columns of a table that have a type which is none of <see cref="Type"/>'s, with that type, where the database would change values to fit.
    /// </summary>
    public virtual Task<IReadOnlyDictionary<string, string>> ForeignTypesAsync(
        DbSession session,
        string schema,
        string table,
        CancellationToken cancel
    ) => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

    /// <summary>What has a table's name and is no table, such as a view, and the statement that removes it; null when nothing has.</summary>
    public virtual Task<Dependent?> TakenByAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        Task.FromResult<Dependent?>(null);

    /// <summary>The columns of a table that rows must fill and don't, or fill and must not, as far as the database can tell.</summary>
    /// <param name="session">Where to look.</param>
    /// <param name="schema">The table's schema.</param>
    /// <param name="table">The table.</param>
    /// <param name="isWritten">Whether rows have a value for a column.</param>
    /// <param name="cancel">Stops the reading.</param>
    public virtual Task<IReadOnlyList<Misfit>> DemandsAsync(
        DbSession session,
        string schema,
        string table,
        Func<string, bool> isWritten,
        CancellationToken cancel
    ) => Task.FromResult<IReadOnlyList<Misfit>>([]);

    /// <summary>The statement by which a user gives one of <see cref="ForeignTypesAsync"/> another type; null when there is none.</summary>
    public virtual string? ChangeType(string schema, string table, string column, string from, ColumnType to) => null;

    /// <summary>What keeps a table from being dropped, what must go first before the others.</summary>
    public virtual Task<IReadOnlyList<Dependent>> DependentsAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Dependent>>([]);

    /// <summary>Keeps other writers off the table until the transaction ends; readers go on.</summary>
    public abstract Task LockAsync(DbSession session, string schema, string table, CancellationToken cancel);

    /// <summary>Gives columns of a table another type, with all their values.</summary>
    public abstract Task WidenAsync(DbSession session, string schema, string table, IReadOnlyList<Widening> columns, CancellationToken cancel);

    /// <summary>Whether something hangs on the table that a new one in its place would not have, such as a view or an index of the user's.</summary>
    public abstract Task<bool> MustStayAsync(DbSession session, string schema, string table, CancellationToken cancel);

    /// <summary>
    /// Puts a new table in the place of another one, which need not be there; or notes that this is to be done, which <see cref="FinishAsync"/> does.
    /// </summary>
    public virtual async Task SwapAsync(DbSession session, string schema, string made, string table, bool exists, CancellationToken cancel)
    {
        await session.RunAsync($"DROP TABLE IF EXISTS {Table(schema, table)}", cancel);
        await session.RunAsync($"ALTER TABLE {Table(schema, made)} RENAME TO {Quote(table)}", cancel);
    }

    /// <summary>
    /// Makes visible what was committed and waits for it, whoever has committed it; nothing where a transaction holds tables. It is asked for after a
    /// commit, and before anybody looks.
    /// </summary>
    public virtual Task FinishAsync(DbSession session, string schema, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>The comments of a table and of all its columns, empty where there is none; null where the database has no comments.</summary>
    public virtual Task<TableDocs?> CommentsAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        Task.FromResult<TableDocs?>(null);

    /// <summary>Comments a table, unless that is empty, and columns.</summary>
    public virtual Task CommentAsync(DbSession session, string schema, string table, TableDocs comments, CancellationToken cancel) =>
        Task.CompletedTask;

    /// <summary>The name of a table that only this connection sees.</summary>
    public virtual string Temporary(string name) => $"temp.{Quote(name)}";

    /// <summary>Makes such a table, gone with the transaction or the connection.</summary>
    public virtual string CreateTemporary(string name, string columns) => $"CREATE TEMPORARY TABLE {Quote(name)} ({columns})";

    /// <summary>Drops such a table.</summary>
    public virtual string DropTemporary(string name) => $"DROP TABLE {Temporary(name)}";

    /// <summary>
    /// Gives a table what its key is found by in joins, where the database can't do without; it is dropped by <see cref="EndJoinAsync"/> or with the
    /// table.
    /// </summary>
    public virtual Task PrepareJoinAsync(DbSession session, JoinedTable table, IReadOnlyList<string> key, CancellationToken cancel) =>
        Task.CompletedTask;

    /// <summary>Takes away what <see cref="PrepareJoinAsync"/> made.</summary>
    public virtual Task EndJoinAsync(DbSession session, JoinedTable table, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>The most bytes of a key of so many columns that an index takes; null for any number.</summary>
    public virtual int? MostKeyBytes(int columns) => null;

    /// <summary>Whether single columns can be given an index for those who read.</summary>
    public virtual bool HasColumnIndexes => false;

    /// <summary>What the names of indexes are good for.</summary>
    public virtual IndexNames IndexNames => IndexNames.Renamed;

    /// <summary>
    /// Whether new and changed rows are brought in by ON CONFLICT where there is a unique index; an update and an insert do it anywhere.
    /// </summary>
    public virtual bool HasOnConflict => true;

    /// <summary>The columns that an index has; empty when there is none of its name.</summary>
    public virtual Task<IReadOnlyList<string>> IndexColumnsAsync(DbSession session, KeyIndex index, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Drops an index, if it is there.</summary>
    public virtual Task DropIndexAsync(DbSession session, KeyIndex index, CancellationToken cancel) =>
        session.RunAsync($"DROP INDEX IF EXISTS {Index(index.Schema, index.Name)}", cancel);

    /// <summary>Makes an index, and tells what came in the way; a database that joins by hashes needs none.</summary>
    public virtual Task<IndexOutcome> CreateIndexAsync(DbSession session, KeyIndex index, CancellationToken cancel) =>
        Task.FromResult(IndexOutcome.NotNeeded);

    /// <summary>An index's whole name, quoted.</summary>
    public virtual string Index(string schema, string index) => Table(schema, index);

    /// <summary>
    /// Compares two columns so that many rows can be joined by hashes though they have no key; empty when <see cref="Same"/> is enough.
    /// </summary>
    public virtual string HashHint(string left, string right) => "";

    /// <summary>That two rows have the same values, where they may be long and many; they need not have the same key.</summary>
    public virtual string SameValues(IEnumerable<string> old, IEnumerable<string> came) =>
        $"({string.Join(", ", old)}) {Same} ({string.Join(", ", came)})";

    /// <summary>Deletes the rows of one table ("new") that another one ("old") has; only for a database that stages rows in itself.</summary>
    /// <param name="incoming">The table that rows are deleted from.</param>
    /// <param name="newRows">Its rows with <see cref="MergeSql.Hash"/>, as what follows FROM.</param>
    /// <param name="oldRows">The other table's, likewise.</param>
    /// <param name="same">That two rows are the same.</param>
    public virtual string DropSame(string incoming, string newRows, string oldRows, string same) =>
        throw new NotSupportedException("Rows are staged in DuckDB only.");

    /// <summary>
    /// What a column becomes by a rule. An object that stays the same keeps its words, so that the row does not count as changed.
    /// </summary>
    /// <param name="rule">The rule; not <see cref="MergeRule.Replace"/>.</param>
    /// <param name="old">The value that is there.</param>
    /// <param name="came">The one that came.</param>
    public string Merged(MergeRule rule, string old, string came)
    {
        if (rule is MergeRule.Fill or MergeRule.Prefer)
        {
            return rule == MergeRule.Fill ? $"coalesce({old}, {came})" : $"coalesce({came}, {old})";
        }

        var both = rule == MergeRule.Patch ? Patched(old, came) : Patched(old, Patched(came, old));
        return $"CASE WHEN {old} IS NULL THEN {came} WHEN {came} IS NULL THEN {old} "
            + $"WHEN {both} {Same} {Patched(old, EmptyObject)} THEN {old} ELSE {both} END";
    }

    /// <summary>An object with no members, as a value of a column with JSON.</summary>
    protected virtual string EmptyObject => "'{}'";

    /// <summary>The members of two objects, of which neither is NULL: those of the second win.</summary>
    protected virtual string Patched(string first, string second) => $"json_merge_patch({first}, {second})";

    /// <summary>How models are spelt; null when there are none.</summary>
    public virtual ModelSql? Models => null;

    /// <summary>The names of a schema's views that Sluice has made.</summary>
    public virtual Task<IReadOnlySet<string>> OwnViewsAsync(DbSession session, string schema, CancellationToken cancel) =>
        Task.FromResult<IReadOnlySet<string>>(new HashSet<string>(StringComparer.Ordinal));

    /// <summary>Makes views, or puts them in the place of those that are there.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="views">The statements that make them, each view after those that it reads.</param>
    /// <param name="former">The views that are there, quoted, each before those that it reads.</param>
    /// <param name="stale">Those of them that are to go.</param>
    /// <param name="cancel">Stops it.</param>
    public virtual async Task CreateViewsAsync(
        DbSession session, IEnumerable<string> views, IReadOnlyList<string> former, IReadOnlyList<string> stale, CancellationToken cancel)
    {
        foreach (var statement in stale.Select(view => $"DROP VIEW {view}").Concat(views))
        {
            await session.RunAsync(statement, cancel);
        }
    }

    /// <summary>The order in which rows are given: ascending, NULL first, text by its bytes.</summary>
    public virtual string Ascending(string column, ColumnType type) => $"{column} ASC NULLS FIRST";
}
