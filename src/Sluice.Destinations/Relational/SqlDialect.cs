using Sluice.Engine.Catalog;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Relational;

/// <summary>What one relational database says differently from another when rows are brought into its tables.</summary>
internal abstract class SqlDialect : SqlWords
{
    /// <summary>Which names columns can have.</summary>
    public virtual NameRules Names => NameRules.Default;

    /// <summary>The most bytes of a key that an index takes; null for any number.</summary>
    public virtual int? MostKeyBytes => null;

    /// <summary>The comparison by which NULL is the same as NULL.</summary>
    public virtual string Same => "IS NOT DISTINCT FROM";

    /// <summary>The opposite of <see cref="Same"/>.</summary>
    public virtual string Different => "IS DISTINCT FROM";

    /// <summary>The type of a data column.</summary>
    /// <param name="type">Its type in the catalog's words.</param>
    /// <param name="isKey">Whether rows are known by it.</param>
    public abstract string Type(ColumnType type, bool isKey = false);

    /// <summary>Reads columns and types of a table in their order; empty when there is no such table.</summary>
    public abstract Task<OrderedDictionary<string, ColumnType>> ColumnsAsync(Session session, string schema, string table, CancellationToken cancel);

    /// <summary>Keeps other writers off the table until the transaction ends; readers go on.</summary>
    public abstract Task LockAsync(Session session, string schema, string table, CancellationToken cancel);

    /// <summary>Gives columns of a table another type, with all their values.</summary>
    public abstract Task WidenAsync(Session session, string schema, string table, IReadOnlyList<Widening> columns, CancellationToken cancel);

    /// <summary>Whether something hangs on the table that a new one in its place would not have, such as a view or an index of the user's.</summary>
    public abstract Task<bool> MustStayAsync(Session session, string schema, string table, CancellationToken cancel);

    /// <summary>Puts a new table in the place of another one, which need not be there.</summary>
    public abstract Task SwapAsync(Session session, string schema, string made, string table, bool exists, CancellationToken cancel);

    /// <summary>The name of a table that only this connection sees.</summary>
    public abstract string Temporary(string name);

    /// <summary>Makes such a table, gone with the transaction or the connection.</summary>
    public abstract string CreateTemporary(string name, string columns);

    /// <summary>Gives a table what its key is found by in joins, where the database can't do without; it is dropped by <see cref="EndJoinAsync"/> or with the table.</summary>
    public virtual Task PrepareJoinAsync(Session session, JoinedTable table, IReadOnlyList<string> key, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Takes away what <see cref="PrepareJoinAsync"/> made.</summary>
    public virtual Task EndJoinAsync(Session session, JoinedTable table, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Whether an index of a new table can have a name for the time being, since indexes can be renamed.</summary>
    public abstract bool RenamesIndexes { get; }

    /// <summary>The columns of an index by its name; empty when there is none.</summary>
    public abstract Task<IReadOnlyList<string>> IndexColumnsAsync(Session session, string schema, string index, CancellationToken cancel);

    /// <summary>Makes an index, and tells what came in the way.</summary>
    public abstract Task<IndexOutcome> CreateIndexAsync(Session session, KeyIndex index, CancellationToken cancel);

    /// <summary>An index's whole name, quoted.</summary>
    public virtual string Index(string schema, string index) => Table(schema, index);

    /// <summary>Compares two columns so that many rows can be joined by hashes though they have no key; empty when <see cref="Same"/> is enough.</summary>
    public virtual string HashHint(string left, string right) => "";

    /// <summary>The order in which rows are given: ascending, NULL first, text by its bytes.</summary>
    public abstract string Ascending(string column, ColumnType type);
}
