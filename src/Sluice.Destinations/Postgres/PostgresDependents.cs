using Sluice.Destinations.Merge;

namespace Sluice.Destinations.Postgres;

/// <summary>What hangs on a table or on some of its columns: views first of all, and how each is removed.</summary>
internal static class PostgresDependents
{
    // Views upon views come before those they are made of. Where columns are asked for, IsCertain tells what PostgreSQL never makes again by itself;
    // indexes and constraints it does, unless they can't be of the new type.
    private const string Hanging = $"""
        WITH RECURSIVE goal AS (SELECT to_regclass(@table)::oid AS oid),
          hanging(classid, objid, place, depth) AS (
            SELECT d.classid, d.objid, d.objsubid, 1
            FROM goal JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = goal.oid AND d.deptype IN ('n', 'a')
            WHERE @columns::text[] IS NULL OR EXISTS (
              SELECT 1 FROM pg_attribute a WHERE a.attrelid = goal.oid AND a.attnum = d.refobjsubid AND a.attname = ANY (@columns::text[]))
            UNION
            SELECT d.classid, d.objid, d.objsubid, h.depth + 1
            FROM hanging h JOIN pg_rewrite r ON h.classid = 'pg_rewrite'::regclass AND r.oid = h.objid
              JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = r.ev_class AND d.deptype = 'n', goal
            WHERE h.depth < 50 AND r.ev_class <> goal.oid AND d.objid <> h.objid),
          one AS (SELECT classid, objid, place, max(depth) AS depth FROM hanging GROUP BY 1, 2, 3),
          named AS (
            SELECT CASE WHEN r.rulename <> '_RETURN' THEN format('the rule %I on %I.%I', r.rulename, n.nspname, c.relname)
                WHEN c.relkind = 'm' THEN format('the materialized view %I.%I', n.nspname, c.relname)
                ELSE format('the view %I.%I', n.nspname, c.relname) END AS what,
              CASE WHEN r.rulename <> '_RETURN' THEN format('DROP RULE %I ON %I.%I;', r.rulename, n.nspname, c.relname)
                WHEN c.relkind = 'm' THEN format('DROP MATERIALIZED VIEW %I.%I;', n.nspname, c.relname)
                ELSE format('DROP VIEW %I.%I;', n.nspname, c.relname) END AS removal, c.oid AS upon, true AS is_certain, depth
            FROM one JOIN pg_rewrite r ON one.classid = 'pg_rewrite'::regclass AND r.oid = one.objid
              JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
            UNION ALL
            SELECT format('the generated column %I', a.attname), format('ALTER TABLE %s DROP COLUMN %I;', @table, a.attname), a.attrelid, true, depth
            FROM one JOIN goal ON true LEFT JOIN pg_attrdef f ON one.classid = 'pg_attrdef'::regclass AND f.oid = one.objid
              JOIN pg_attribute a ON a.attrelid = goal.oid AND a.attgenerated <> '' AND (
                a.attnum = f.adnum OR (one.classid = 'pg_class'::regclass AND one.objid = goal.oid AND a.attnum = one.place))
            UNION ALL
            SELECT format('the trigger %I', t.tgname), {PostgresParents.DropTrigger}, c.oid, true, depth
            FROM one JOIN pg_trigger t ON one.classid = 'pg_trigger'::regclass AND t.oid = one.objid AND NOT t.tgisinternal
              JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            UNION ALL
            SELECT format('the policy %I', p.polname), format('DROP POLICY %I ON %I.%I;', p.polname, n.nspname, c.relname), c.oid, true, depth
            FROM one JOIN pg_policy p ON one.classid = 'pg_policy'::regclass AND p.oid = one.objid
              JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            UNION ALL
            SELECT format('the function %s', p.oid::regprocedure), format('DROP ROUTINE %s;', p.oid::regprocedure), 0, true, depth
            FROM one JOIN pg_proc p ON one.classid = 'pg_proc'::regclass AND p.oid = one.objid
            UNION ALL
            SELECT format('the constraint %I of %I.%I', k.conname, n.nspname, c.relname),
              {PostgresParents.DropConstraint}, c.oid, false, depth
            FROM one JOIN pg_constraint k ON one.classid = 'pg_constraint'::regclass AND k.oid = one.objid
              JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            UNION ALL
            SELECT format('the index %I.%I', n.nspname, i.relname), {PostgresParents.DropIndex}, x.indrelid, false, depth
            FROM one JOIN pg_class i ON one.classid = 'pg_class'::regclass AND i.oid = one.objid AND i.relkind IN ('i', 'I')
              JOIN pg_namespace n ON n.oid = i.relnamespace JOIN pg_index x ON x.indexrelid = i.oid
            WHERE i.relname <> ALL (@own::text[]))
        SELECT DISTINCT what, removal, upon IS NOT DISTINCT FROM goal.oid, is_certain, depth FROM named, goal ORDER BY depth DESC, what
        """;

    /// <summary>What must be gone before a table can be dropped.</summary>
    public static async Task<IReadOnlyList<Dependent>> OfTableAsync(DbSession session, string table, CancellationToken cancel) =>
        [
            .. (await ReadAsync(session, table, null, [], cancel)).Where(one => !one.GoesWithTable).Select(one => one.Dependent),
            .. await PostgresParents.RelativesAsync(session, table, cancel),
        ];

    /// <summary>What must be gone before columns can get another type.</summary>
    /// <param name="session">Where to look.</param>
    /// <param name="table">The table, quoted.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="own">The indexes that Sluice has made.</param>
    /// <param name="cancel">Stops the reading.</param>
    public static async Task<IReadOnlyList<Dependent>> OfColumnsAsync(
        DbSession session, string table, IEnumerable<string> columns, string[] own, CancellationToken cancel)
    {
        var found = await ReadAsync(session, table, [.. columns], own, cancel);
        var isCertain = found.Any(one => one.IsCertain);
        return [.. found.Where(one => one.IsCertain == isCertain).Select(one => one.Dependent)];
    }

    /// <summary>What PostgreSQL never makes again by itself when a column gets another type.</summary>
    public static async Task<IReadOnlyList<Dependent>> InTheWayAsync(DbSession session, string table, string column, CancellationToken cancel) =>
        [.. (await ReadAsync(session, table, [column], [], cancel)).Where(one => one.IsCertain).Select(one => one.Dependent)];

    private static Task<IReadOnlyList<(Dependent Dependent, bool GoesWithTable, bool IsCertain)>> ReadAsync(
        DbSession session, string table, string[]? columns, string[] own, CancellationToken cancel) =>
        session.ListAsync(
            Hanging,
            row => (new Dependent(row.GetString(0), row.GetString(1)), row.GetBoolean(2), row.GetBoolean(3)),
            cancel,
            ("table", table),
            ("columns", columns),
            ("own", own));
}
