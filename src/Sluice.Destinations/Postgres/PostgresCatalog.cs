namespace Sluice.Destinations.Postgres;

/// <summary>Questions to PostgreSQL's own tables.</summary>
internal static class PostgresCatalog
{
    /// <summary>The type that a domain is made of, also of one upon another; for any other type that type.</summary>
    public const string BaseType = """
        LATERAL (WITH RECURSIVE down(oid, base, length) AS (
          SELECT t.oid, t.typbasetype, a.atttypmod FROM pg_type t WHERE t.oid = a.atttypid
          UNION ALL SELECT t.oid, t.typbasetype, greatest(down.length, above.typtypmod)
            FROM down JOIN pg_type above ON above.oid = down.oid JOIN pg_type t ON t.oid = down.base)
          SELECT oid, length FROM down WHERE base = 0) AS base
        """;

    // The expression of a column can't be dropped where tables below have others below them.
    private const string IsDeep =
        "EXISTS (SELECT 1 FROM pg_inherits i JOIN pg_inherits j ON j.inhparent = i.inhrelid WHERE i.inhparent = top.oid)";

    // format_type quotes names where quote_all_identifiers is on, which a role may have set; the types that Sluice knows need none.
    public const string Columns = $"""
        SELECT a.attname::text, replace(format_type(base.oid, NULL), '"', '')
        FROM pg_attribute a CROSS JOIN {BaseType} JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = @schema AND c.relname = @table AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
          AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
        """;

    // Of text that is as long as it may be, and of a domain, the values are taken as they are or refused one by one.
    public const string ForeignTypes = $"""
        SELECT a.attname::text, replace(format_type(base.oid, NULL), '"', '')
        FROM pg_attribute a CROSS JOIN {BaseType} JOIN pg_type t ON t.oid = base.oid
        WHERE a.attrelid = to_regclass(@table) AND a.attnum > 0 AND NOT a.attisdropped AND t.typname NOT IN (
          'int8', 'int4', 'int2', 'float8', 'float4', 'bool', 'timestamptz', 'jsonb', 'text', 'varchar', 'citext')
        """;

    /// <summary>
    /// Columns that can't be NULL (true), without a default or of that name, and those that can't be written (false); the statement that helps.
    /// </summary>
    public const string Demands = $"""
        WITH RECURSIVE {PostgresParents.Held}
        SELECT a.attgenerated = '' AND a.attidentity = '', a.attname::text,
          CASE WHEN a.attgenerated <> '' THEN 'is computed by the database' WHEN a.attidentity <> '' THEN 'is numbered by the database'
            ELSE 'is NOT NULL and the rows have no value for it' END,
          coalesce((
            SELECT string_agg(DISTINCT {PostgresParents.DropConstraint}, ' ') || ' '
            FROM held h JOIN pg_constraint k ON k.conrelid = h.oid AND k.contype = 'p' AND h.attnum = ANY (k.conkey)
            WHERE h.attname = a.attname AND a.kind = 'n'), '')
          || (SELECT string_agg(format('ALTER TABLE %s %s COLUMN %I%s;', top.name,
              CASE WHEN top.kind = 'g' AND {IsDeep} THEN 'DROP' ELSE 'ALTER' END, top.attname,
              CASE WHEN top.kind = 'g' THEN CASE WHEN {IsDeep} THEN '' ELSE ' DROP EXPRESSION' END
                WHEN top.kind = 'i' THEN ' DROP IDENTITY' ELSE ' DROP NOT NULL' END), ' ')
            FROM held AS top WHERE top.attname = a.attname AND top.kind = a.kind AND NOT EXISTS (
              SELECT 1 FROM pg_inherits i JOIN held p ON p.oid = i.inhparent AND p.attname = top.attname AND p.kind = top.kind
              WHERE i.inhrelid = top.oid))
        FROM held a
        WHERE a.attrelid = to_regclass(@table)
          AND (a.attgenerated <> '' OR a.attidentity = 'a'
            OR (a.attnotnull AND a.attidentity = '' AND (NOT a.atthasdef OR a.attname = @column::text)))
        ORDER BY a.attnum
        """;

    /// <summary>What has the name of a table and is none, and how it is removed.</summary>
    public const string TakenBy = """
        SELECT k.what, format('DROP %s %I.%I;', k.kind, n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN (VALUES
          ('v', 'a view', 'VIEW'), ('m', 'a materialized view', 'MATERIALIZED VIEW'), ('S', 'a sequence', 'SEQUENCE'), ('i', 'an index', 'INDEX'),
          ('I', 'an index', 'INDEX'), ('c', 'a type', 'TYPE'),
          ('f', 'a foreign table', 'FOREIGN TABLE')) AS k (relkind, what, kind) ON k.relkind = c.relkind::text
        WHERE n.nspname = @schema AND c.relname = @table
        UNION ALL
        SELECT k.what, format('DROP %s %I.%I;', k.kind, n.nspname, t.typname)
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN (VALUES
          ('e', 'a type', 'TYPE'), ('r', 'a type', 'TYPE'), ('d', 'a domain', 'DOMAIN')) AS k (typtype, what, kind) ON k.typtype = t.typtype::text
        WHERE n.nspname = @schema AND t.typname = @table
        """;

    public const string Tables = """
        SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = @schema AND c.relkind IN ('r', 'p')
        """;

    public const string IndexColumns = """
        SELECT a.attname::text FROM pg_class i JOIN pg_namespace n ON n.oid = i.relnamespace JOIN pg_attribute a ON a.attrelid = i.oid
        WHERE n.nspname = @schema AND i.relname = @index AND i.relkind IN ('i', 'I') ORDER BY a.attnum
        """;

    /// <summary>
    /// Whether a table has something that another one in its place would lack: settings of its own, an owner that is somebody else, or anything that
    /// was made upon it (views, indexes, triggers, policies, foreign keys, defaults, publications, statistics), besides our own indexes, and views
    /// where all of them are our own.
    /// </summary>
    public const string MustStay = """
        SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = to_regclass(@table) AND (
          c.relkind <> 'r' OR c.relrowsecurity OR c.relispartition OR c.reloftype <> 0 OR c.reloptions IS NOT NULL OR c.relreplident <> 'd'
          OR c.reltablespace <> 0 OR c.relpersistence <> 'p'
          OR EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhrelid = c.oid)
          OR NOT pg_has_role(c.relowner, 'USAGE') OR NOT has_schema_privilege(n.oid, 'CREATE')
          OR EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attnotnull)
          OR EXISTS (SELECT 1 FROM pg_depend d WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid = c.reltype AND d.deptype = 'n')
          OR EXISTS (
            SELECT 1 FROM pg_depend d WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.deptype IN ('n', 'a') AND NOT (
              d.classid = 'pg_class'::regclass AND d.objid IN (
                SELECT i.oid FROM pg_class i WHERE i.relnamespace = n.oid AND (i.relname IN (@key, @find) OR strpos(i.relname, @mark) > 0)))
            AND NOT (@models AND d.classid = 'pg_rewrite'::regclass AND d.objid IN (SELECT r.oid FROM pg_rewrite r WHERE r.ev_class <> c.oid))))
        """;

    /// <summary>The comments of a table (without a column's name) and of its columns.</summary>
    public const string Comments = """
        SELECT NULL, coalesce(obj_description(to_regclass(@table), 'pg_class'), '')
        UNION ALL
        SELECT a.attname::text, coalesce(col_description(a.attrelid, a.attnum), '') FROM pg_attribute a
        WHERE a.attrelid = to_regclass(@table) AND a.attnum > 0 AND NOT a.attisdropped
        """;

    /// <summary>The statement that comments a table, or a column of it; a comment can't be a parameter.</summary>
    public const string Comment = """
        SELECT CASE WHEN @column = '' THEN format('COMMENT ON TABLE %s IS %L', @table, @comment)
          ELSE format('COMMENT ON COLUMN %s.%I IS %L', @table, @column, @comment) END
        """;

    /// <summary>Whether the user may comment a table.</summary>
    public const string Owns = """
        SELECT count(*) FROM pg_class WHERE oid = to_regclass(@table) AND pg_has_role(relowner, 'USAGE')
        """;

    /// <summary>The statements that give a new table what the old one was given: rights, comments, and its owner at last.</summary>
    public const string HandOver = """
        WITH old AS (SELECT c.oid, c.relacl, c.relowner FROM pg_class c WHERE c.oid = to_regclass(@old)),
          new AS (SELECT c.oid, c.relacl, c.relowner FROM pg_class c WHERE c.oid = to_regclass(@new)),
          role AS (SELECT 0::oid AS oid, 'PUBLIC' AS name UNION ALL SELECT r.oid, quote_ident(r.rolname) FROM pg_roles r)
        SELECT statement FROM (
          SELECT DISTINCT 0 AS place, format('REVOKE ALL ON %s FROM %s', @new, role.name) AS statement
          FROM new, aclexplode(new.relacl) AS a JOIN role ON role.oid = a.grantee WHERE a.grantee <> new.relowner
          UNION ALL
          SELECT 1, format('GRANT %s ON %s TO %s%s', a.privilege_type, @new, role.name,
            CASE WHEN a.is_grantable AND a.grantee <> old.relowner THEN ' WITH GRANT OPTION' ELSE '' END)
          FROM old, aclexplode(old.relacl) AS a JOIN role ON role.oid = a.grantee
          UNION ALL
          SELECT 2, format('GRANT %s (%I) ON %s TO %s', a.privilege_type, o.attname, @new, role.name)
          FROM old JOIN pg_attribute o ON o.attrelid = old.oid AND o.attnum > 0 AND NOT o.attisdropped CROSS JOIN new
            JOIN pg_attribute n ON n.attrelid = new.oid AND n.attname = o.attname AND NOT n.attisdropped,
            aclexplode(o.attacl) AS a JOIN role ON role.oid = a.grantee
          UNION ALL
          SELECT 3, format('COMMENT ON TABLE %s IS %L', @new, obj_description(old.oid, 'pg_class')) FROM old
          WHERE obj_description(old.oid, 'pg_class') IS NOT NULL
          UNION ALL
          SELECT 4, format('COMMENT ON COLUMN %s.%I IS %L', @new, o.attname, col_description(old.oid, o.attnum))
          FROM old JOIN pg_attribute o ON o.attrelid = old.oid AND o.attnum > 0 AND NOT o.attisdropped CROSS JOIN new
            JOIN pg_attribute n ON n.attrelid = new.oid AND n.attname = o.attname AND NOT n.attisdropped
          WHERE col_description(old.oid, o.attnum) IS NOT NULL
          UNION ALL
          SELECT 5, format('ALTER TABLE %s OWNER TO %s', @new, role.name) FROM old CROSS JOIN new
          JOIN role ON role.oid = old.relowner WHERE old.relowner <> new.relowner
        ) AS statements ORDER BY place
        """;
}
