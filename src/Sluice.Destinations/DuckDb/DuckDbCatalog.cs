namespace Sluice.Destinations.DuckDb;

/// <summary>Questions to DuckDB about a table of the file.</summary>
internal static class DuckDbCatalog
{
    /// <summary>That a row is about the table: names of DuckDB's are the same in any letters.</summary>
    public const string Place =
        "lower(schema_name) = lower($schema) AND lower(table_name) = lower($table) AND database_name = current_database()";

    /// <summary>The statements that give a new table what the old one was given: comments, and indexes of the user's.</summary>
    /// <param name="made">The new table, quoted.</param>
    public static string HandOver(string made) => $"""
        SELECT 'COMMENT ON TABLE ' || $name || ' IS ''' || replace(comment, '''', '''''') || '''' FROM duckdb_tables()
        WHERE {Place} AND comment IS NOT NULL
        UNION ALL
        SELECT 'COMMENT ON COLUMN ' || $name || '."' || replace(column_name, '"', '""') || '" IS ''' || replace(comment, '''', '''''') || ''''
        FROM duckdb_columns()
        WHERE {Place} AND comment IS NOT NULL
          AND lower(column_name) IN (SELECT lower(column_name) FROM (DESCRIBE {made}))
        UNION ALL
        SELECT sql FROM duckdb_indexes()
        WHERE {Place} AND sql IS NOT NULL
        """;

    /// <summary>The comments of a table (without a column's name) and of its columns.</summary>
    public const string Comments = $"""
        SELECT NULL, coalesce(comment, '') FROM duckdb_tables()
        WHERE {Place}
        UNION ALL
        SELECT column_name, coalesce(comment, '') FROM duckdb_columns()
        WHERE {Place}
        """;

    /// <summary>The indexes of a table, or only those that hold each value once.</summary>
    public const string Indexes = $"""
        SELECT index_name FROM duckdb_indexes()
        WHERE {Place} AND (is_unique OR NOT $unique) ORDER BY 1
        """;

    /// <summary>Of columns: whether they belong to the primary key, which DuckDB can't drop.</summary>
    public const string Demand = "column_name, \"key\" IS NOT DISTINCT FROM 'PRI'";

    /// <summary>Of columns: that they have no default and can't be NULL.</summary>
    public const string IsDemand = "WHERE \"null\" = 'NO' AND \"default\" IS NULL";

    /// <summary>Whether a table may have columns that are computed.</summary>
    public const string HasComputed = $"""
        SELECT count(*) FROM duckdb_tables()
        WHERE {Place} AND contains(sql, 'GENERATED ALWAYS AS')
        """;

    /// <summary>Columns that are computed, which only the statement that made the table tells.</summary>
    public const string Computed = $"""
        SELECT c.column_name FROM duckdb_columns() AS c JOIN duckdb_tables() AS t USING (database_name, schema_name, table_name)
        WHERE {Place} AND EXISTS (
          SELECT 1 FROM unnest(['(', ', ']) AS before(sign), unnest([c.column_name, '"' || replace(c.column_name, '"', '""') || '"']) AS written(name)
          WHERE contains(t.sql, before.sign || written.name || ' ' || c.data_type || ' GENERATED ALWAYS AS('))
        ORDER BY column_index
        """;

    private static readonly string[] Numbers =
    [
        "TINYINT", "SMALLINT", "INTEGER", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DECIMAL",
    ];

    public static bool IsNumber(string type) => Numbers.Contains(type.Split('(')[0], StringComparer.Ordinal);
}
