using Sluice.Destinations.Merge;

namespace Sluice.Destinations.Postgres;

/// <summary>
/// Partitions and tables that inherit: what they have of a table above them can only be changed there, and with it in all tables below.
/// </summary>
internal static class PostgresParents
{
    /// <summary>The columns of a table and of all tables above it; the kind is what keeps a column from being left out or written.</summary>
    public const string Held = """
        up(oid) AS (SELECT to_regclass(@table)::oid UNION SELECT i.inhparent FROM up JOIN pg_inherits i ON i.inhrelid = up.oid),
          held AS (
            SELECT c.oid, n.nspname, c.relname, format('%I.%I', n.nspname, c.relname) AS name, a.*,
              CASE WHEN a.attgenerated <> '' THEN 'g' WHEN a.attidentity <> '' THEN 'i' WHEN a.attnotnull THEN 'n' END AS kind
            FROM up JOIN pg_class c ON c.oid = up.oid JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_attribute a ON a.attrelid = up.oid AND a.attnum > 0 AND NOT a.attisdropped)
        """;

    /// <summary>The statements that remove the constraint k: where it was made.</summary>
    public const string DropConstraint = """
        (WITH RECURSIVE line(oid) AS (
            SELECT k.oid
            UNION
            SELECT above.oid FROM line JOIN pg_constraint one ON one.oid = line.oid JOIN pg_constraint above ON above.oid = one.conparentid
              OR (one.coninhcount > 0 AND one.conparentid = 0 AND above.contype = one.contype AND above.conname = one.conname
                AND above.conrelid IN (SELECT i.inhparent FROM pg_inherits i WHERE i.inhrelid = one.conrelid)))
          SELECT string_agg(
              format('ALTER TABLE %I.%I DROP CONSTRAINT IF EXISTS %I;', n.nspname, c.relname, one.conname), ' ' ORDER BY one.coninhcount)
          FROM line JOIN pg_constraint one ON one.oid = line.oid JOIN pg_class c ON c.oid = one.conrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE one.coninhcount = 0 OR one.conislocal)
        """;

    /// <summary>The statement that removes the index i: where it was made.</summary>
    public const string DropIndex = """
        (WITH RECURSIVE line(oid) AS (SELECT i.oid UNION SELECT h.inhparent FROM line JOIN pg_inherits h ON h.inhrelid = line.oid)
          SELECT format('DROP INDEX %I.%I;', n.nspname, one.relname)
          FROM line JOIN pg_class one ON one.oid = line.oid JOIN pg_namespace n ON n.oid = one.relnamespace
          WHERE NOT EXISTS (SELECT 1 FROM pg_inherits h WHERE h.inhrelid = one.oid))
        """;

    /// <summary>The statement that removes the trigger t: where it was made.</summary>
    public const string DropTrigger = """
        (WITH RECURSIVE line(oid) AS (
            SELECT t.oid UNION SELECT d.refobjid FROM line JOIN pg_depend d ON d.classid = 'pg_trigger'::regclass AND d.objid = line.oid
              AND d.refclassid = 'pg_trigger'::regclass)
          SELECT string_agg(format('DROP TRIGGER %I ON %I.%I;', one.tgname, n.nspname, c.relname), ' ')
          FROM line JOIN pg_trigger one ON one.oid = line.oid JOIN pg_class c ON c.oid = one.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_trigger'::regclass AND d.objid = one.oid
            AND d.refclassid = 'pg_trigger'::regclass))
        """;

    // Also those of the tables that inherit: they would lose the table above them.
    private const string Relatives = """
        SELECT format('%I.%I, ', n.nspname, c.relname) || CASE WHEN own.relispartition THEN 'whose partition it is' ELSE 'which it inherits from' END,
          CASE WHEN own.relispartition THEN format('ALTER TABLE %I.%I DETACH PARTITION %s;', n.nspname, c.relname, @table)
            ELSE format('ALTER TABLE %s NO INHERIT %I.%I;', @table, n.nspname, c.relname) END
        FROM pg_class own JOIN pg_inherits i ON i.inhrelid = own.oid JOIN pg_class c ON c.oid = i.inhparent
          JOIN pg_namespace n ON n.oid = c.relnamespace WHERE own.oid = to_regclass(@table)
        UNION ALL
        SELECT format('%I.%I, which inherits from it', n.nspname, c.relname), format('ALTER TABLE %I.%I NO INHERIT %s;', n.nspname, c.relname, @table)
        FROM pg_class own JOIN pg_inherits i ON i.inhparent = own.oid JOIN pg_class c ON c.oid = i.inhrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace WHERE own.oid = to_regclass(@table) AND own.relkind = 'r'
        """;

    // The tables in which a column was made.
    private const string Origins = $"""
        WITH RECURSIVE {Held} SELECT nspname::text, relname::text FROM held WHERE attname = @column AND attinhcount = 0 AND NOT EXISTS (
          SELECT 1 FROM held k JOIN pg_partitioned_table p ON p.partrelid = k.oid WHERE k.attname = @column AND k.attnum = ANY (p.partattrs))
        """;

    private const string Below = """
        WITH RECURSIVE below(oid) AS (
          SELECT to_regclass(name)::oid FROM unnest(@tables::text[]) AS name
          UNION SELECT i.inhrelid FROM below JOIN pg_inherits i ON i.inhparent = below.oid)
        SELECT format('%I.%I', n.nspname, c.relname) FROM below JOIN pg_class c ON c.oid = below.oid JOIN pg_namespace n ON n.oid = c.relnamespace
        """;

    private const string Whole = """
        WITH RECURSIVE up(oid) AS (
          SELECT to_regclass(@table)::oid
          UNION SELECT i.inhparent FROM up JOIN pg_class one ON one.oid = up.oid AND one.relispartition JOIN pg_inherits i ON i.inhrelid = up.oid)
        SELECT n.nspname::text, c.relname::text FROM up JOIN pg_class c ON c.oid = up.oid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT c.relispartition
        """;

    private const string Partitioned = """
        SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class own JOIN pg_inherits i ON i.inhrelid = own.oid
          JOIN pg_class c ON c.oid = i.inhparent JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE own.oid = to_regclass(@table) AND own.relispartition
        """;

    /// <summary>The tables above and below, and how it is taken from them.</summary>
    public static Task<IReadOnlyList<Dependent>> RelativesAsync(DbSession session, string table, CancellationToken cancel) =>
        session.ListAsync(Relatives, row => new Dependent(row.GetString(0), row.GetString(1)), cancel, ("table", table));

    /// <summary>The tables whose column must be changed to change that of a table; none when it is one that tables are partitioned by.</summary>
    public static Task<IReadOnlyList<(string Schema, string Table)>> OriginsAsync(
        DbSession session, string table, string column, CancellationToken cancel) =>
        session.ListAsync(Origins, row => (row.GetString(0), row.GetString(1)), cancel, ("table", table), ("column", column));

    /// <summary>Tables and all below them.</summary>
    public static Task<IReadOnlyList<string>> WithBelowAsync(DbSession session, IReadOnlyList<string> tables, CancellationToken cancel) =>
        session.ListAsync(Below, row => row.GetString(0), cancel, ("tables", tables.ToArray()));

    /// <summary>The table that a table is a part of, however small; the table itself when it is no partition.</summary>
    public static Task<IReadOnlyList<(string Schema, string Table)>> WholeAsync(DbSession session, string table, CancellationToken cancel) =>
        session.ListAsync(Whole, row => (row.GetString(0), row.GetString(1)), cancel, ("table", table));

    /// <summary>The table whose partition a table is; null when it is none.</summary>
    public static async Task<string?> PartitionedAsync(DbSession session, string table, CancellationToken cancel) =>
        await session.ListAsync(Partitioned, row => row.GetString(0), cancel, ("table", table)) is [var parent, ..] ? parent : null;
}
