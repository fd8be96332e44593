namespace Sluice.Destinations.Merge;

/// <summary>What became of an index.</summary>
internal enum IndexOutcome
{
    /// <summary>It is there.</summary>
    Made,

    /// <summary>Some rows have the same key, so that it can't be unique.</summary>
    HasDuplicates,

    /// <summary>Some key is longer than the database takes into an index.</summary>
    KeyTooLong,

    /// <summary>The database finds rows by their key without one.</summary>
    NotNeeded,
}

/// <summary>What the names of a database's indexes are good for.</summary>
internal enum IndexNames
{
    /// <summary>The index of a new table has a name for the time being, and is renamed with the table.</summary>
    Renamed,

    /// <summary>It has its name for good, so that the old table's goes before.</summary>
    Fixed,

    /// <summary>Two tables can have indexes of the same name.</summary>
    OfTable,
}

/// <summary>The index by which rows are found by their key: a unique one, unless a table keeps several versions of a row.</summary>
/// <param name="Schema">The table's schema.</param>
/// <param name="Table">The table that has it.</param>
/// <param name="Name">The index's name.</param>
/// <param name="Key">The columns.</param>
/// <param name="IsUnique">Whether each key is there once.</param>
internal sealed record KeyIndex(string Schema, string Table, string Name, IReadOnlyList<string> Key, bool IsUnique)
{
    private const string UniqueEnding = "_sluice_key";
    private const string PlainEnding = "_sluice_find";

    /// <summary>Sees to it that a table has the index, and not one of another key or another kind.</summary>
    public static async Task<IndexOutcome> EnsureAsync(
        DbSession session, string schema, string table, IReadOnlyList<string> key, bool isUnique, CancellationToken cancel)
    {
        var dialect = session.Dialect;
        var wanted = Of(dialect, schema, table, key, isUnique);
        if (!isUnique)
        {
            await DropAsync(session, schema, table, isUnique: true, cancel);
        }

        var had = await dialect.IndexColumnsAsync(session, wanted, cancel);
        if (had.SequenceEqual(key, StringComparer.Ordinal))
        {
            return IndexOutcome.Made;
        }

        if (had.Count > 0)
        {
            await dialect.DropIndexAsync(session, wanted, cancel);
        }

        return await dialect.CreateIndexAsync(session, wanted, cancel);
    }

    /// <summary>Lets both kinds of index go, if they are there.</summary>
    public static async Task DropAsync(DbSession session, string schema, string table, CancellationToken cancel)
    {
        await DropAsync(session, schema, table, isUnique: true, cancel);
        await DropAsync(session, schema, table, isUnique: false, cancel);
    }

    public static KeyIndex Of(SqlDialect dialect, string schema, string table, IReadOnlyList<string> key, bool isUnique) =>
        new(schema, table, NameOf(dialect, table, isUnique), key, isUnique);

    public static string NameOf(SqlDialect dialect, string table, bool isUnique) =>
        dialect.Names.Limit.Short("", table, isUnique ? UniqueEnding : PlainEnding);

    private static Task DropAsync(DbSession session, string schema, string table, bool isUnique, CancellationToken cancel) =>
        session.Dialect.DropIndexAsync(session, Of(session.Dialect, schema, table, [], isUnique), cancel);
}
