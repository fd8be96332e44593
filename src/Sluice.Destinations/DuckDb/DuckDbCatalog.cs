namespace Sluice.Destinations.DuckDb;

/// <summary>Questions to DuckDB about a table of the file.</summary>
internal static class DuckDbCatalog
{
    /// <summary>The statements that give a new table what the old one was given: comments, and indexes of the user's.</summary>
    public const string HandOver = """
        SELECT 'COMMENT ON TABLE ' || $name || ' IS ''' || replace(comment, '''', '''''') || '''' FROM duckdb_tables()
        WHERE schema_name = $schema AND table_name = $table AND database_name = current_database() AND comment IS NOT NULL
        UNION ALL
        SELECT 'COMMENT ON COLUMN ' || $name || '."' || replace(column_name, '"', '""') || '" IS ''' || replace(comment, '''', '''''') || ''''
        FROM duckdb_columns() AS old
        WHERE schema_name = $schema AND table_name = $table AND database_name = current_database() AND comment IS NOT NULL AND EXISTS (
          SELECT 1 FROM duckdb_columns() AS new WHERE new.database_name = current_database() AND new.schema_name = $schema
          AND new.table_name = $made AND lower(new.column_name) = lower(old.column_name))
        UNION ALL
        SELECT sql FROM duckdb_indexes()
        WHERE schema_name = $schema AND table_name = $table AND database_name = current_database() AND sql IS NOT NULL
        """;

    /// <summary>The comments of a table (without a column's name) and of its columns.</summary>
    public const string Comments = """
        SELECT NULL, coalesce(comment, '') FROM duckdb_tables()
        WHERE schema_name = $schema AND table_name = $table AND database_name = current_database()
        UNION ALL
        SELECT column_name, coalesce(comment, '') FROM duckdb_columns()
        WHERE schema_name = $schema AND table_name = $table AND database_name = current_database()
        """;

    /// <summary>The indexes of a table, or only those that hold each value once.</summary>
    public const string Indexes = """
        SELECT index_name FROM duckdb_indexes()
        WHERE schema_name = $schema AND table_name = $table AND database_name = current_database() AND (is_unique OR NOT $unique) ORDER BY 1
        """;

    /// <summary>Columns without a default that can't be NULL, and whether they belong to the primary key, which DuckDB can't drop.</summary>
    public const string Demands = """
        SELECT column_name, EXISTS (
          SELECT 1 FROM duckdb_constraints() AS k WHERE k.database_name = c.database_name AND k.schema_name = c.schema_name
          AND k.table_name = c.table_name AND k.constraint_type = 'PRIMARY KEY' AND list_contains(k.constraint_column_names, c.column_name))
        FROM duckdb_columns() AS c
        WHERE schema_name = $schema AND table_name = $table AND database_name = current_database() AND NOT is_nullable AND column_default IS NULL
        ORDER BY column_index
        """;

    private static readonly string[] Numbers =
    [
        "TINYINT", "SMALLINT", "INTEGER", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DECIMAL",
    ];

    public static bool IsNumber(string type) => Numbers.Contains(type.Split('(')[0], StringComparer.Ordinal);
}
