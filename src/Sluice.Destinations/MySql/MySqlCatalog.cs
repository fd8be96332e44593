namespace Sluice.Destinations.MySql;

/// <summary>Questions to MySQL's own tables.</summary>
internal static class MySqlCatalog
{
    public const string Tables =
        "SELECT table_name FROM information_schema.tables WHERE table_schema = @schema AND table_type = 'BASE TABLE'";

    public const string HasTable =
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = @schema AND table_name = @table";

    /// <summary>What has a table's name and is none.</summary>
    public const string TakenBy = """
        SELECT table_type FROM information_schema.tables WHERE table_schema = @schema AND table_name = @table AND table_type <> 'BASE TABLE'
        """;

    public const string Engine = """
        SELECT engine FROM information_schema.tables WHERE table_schema = @schema AND table_name = @table AND engine <> 'InnoDB'
        """;

    /// <summary>
    /// Columns that rows must fill (first value 1) or must not (0), with their types, and whether they are of the primary key, or are stored nowhere.
    /// </summary>
    public const string Demands = """
        SELECT CASE WHEN coalesce(generation_expression, '') = '' THEN 1 ELSE 0 END, column_name, column_type,
          column_key = 'PRI', extra LIKE '%VIRTUAL%'
        FROM information_schema.columns WHERE table_schema = @schema AND table_name = @table AND (coalesce(generation_expression, '') <> ''
          OR (is_nullable = 'NO' AND column_default IS NULL AND extra NOT LIKE '%auto_increment%')) ORDER BY ordinal_position
        """;

    /// <summary>
    /// Whether a table has something that another one in its place would lack: triggers, foreign keys, indexes, partitions, constraints, defaults,
    /// columns that are computed or can't be NULL. Rights and views go by its name, and stay.
    /// </summary>
    public const string MustStay = """
        SELECT (SELECT count(*) FROM information_schema.triggers WHERE event_object_schema = @schema AND event_object_table = @table)
          + (SELECT count(*) FROM information_schema.statistics
             WHERE table_schema = @schema AND table_name = @table AND index_name NOT IN (@key, @find))
          + (SELECT count(*) FROM information_schema.columns WHERE table_schema = @schema AND table_name = @table
             AND (is_nullable = 'NO' OR extra <> '' OR (column_default IS NOT NULL AND column_default <> 'NULL')))
          + (SELECT count(*) FROM information_schema.referential_constraints WHERE (constraint_schema = @schema AND table_name = @table)
             OR (unique_constraint_schema = @schema AND referenced_table_name = @table))
          + (SELECT count(*) FROM information_schema.partitions
             WHERE table_schema = @schema AND table_name = @table AND partition_name IS NOT NULL)
        """;

    /// <summary>Constraints of a table that aren't those of MariaDB's columns with JSON; MariaDB.</summary>
    public const string MariaDbChecks = """
        SELECT count(*) FROM information_schema.check_constraints
        WHERE constraint_schema = @schema AND table_name = @table AND NOT (level = 'Column' AND check_clause LIKE 'json_valid(%')
        """;

    /// <summary>The same of MySQL.</summary>
    public const string MySqlChecks = """
        SELECT count(*) FROM information_schema.table_constraints
        WHERE table_schema = @schema AND table_name = @table AND constraint_type = 'CHECK'
        """;

    /// <summary>The comments of a table (without a column's name) and of its columns that have no default or formula.</summary>
    public const string Comments = """
        SELECT NULL, coalesce(table_comment, '') FROM information_schema.tables WHERE table_schema = @schema AND table_name = @table
        UNION ALL
        SELECT column_name, column_comment FROM information_schema.columns
        WHERE table_schema = @schema AND table_name = @table
          AND is_nullable = 'YES' AND extra = '' AND (column_default IS NULL OR column_default = 'NULL')
        """;

    public const string IndexColumns = """
        SELECT column_name FROM information_schema.statistics
        WHERE table_schema = @schema AND table_name = @table AND index_name = @index ORDER BY seq_in_index
        """;

    /// <summary>The keys of other tables that point to a table.</summary>
    public const string Dependents = """
        SELECT constraint_schema, table_name, constraint_name FROM information_schema.referential_constraints
        WHERE unique_constraint_schema = @schema AND referenced_table_name = @table ORDER BY 1, 2, 3
        """;
}
