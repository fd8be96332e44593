using System.Text.RegularExpressions;
using Npgsql;
using Sluice.Destinations.Merge;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Postgres;

/// <summary>Finds in the catalog what an error names by half, and the statement that takes it out of the way.</summary>
internal static partial class PostgresCulprit
{
    private const string Constraint = $"""
        SELECT {PostgresParents.DropConstraint} FROM pg_constraint k
        WHERE k.conname = @name AND k.conrelid = to_regclass(format('%I.%I', @schema, @table))
        UNION ALL
        SELECT {PostgresParents.DropIndex} FROM pg_class i WHERE i.oid = to_regclass(format('%I.%I', @schema, @name)) AND NOT EXISTS (
          SELECT 1 FROM pg_constraint k WHERE k.conname = @name AND k.conrelid = to_regclass(format('%I.%I', @schema, @table)))
        """;

    private const string Triggers = """
        WITH RECURSIVE below(oid) AS (
          SELECT to_regclass(format('%I.%I', @schema, @table))::oid UNION SELECT i.inhrelid FROM below JOIN pg_inherits i ON i.inhparent = below.oid)
        SELECT format('ALTER TABLE %I.%I DISABLE TRIGGER %I;', n.nspname, c.relname, t.tgname)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND c.oid IN (SELECT oid FROM below) AND strpos(@where, p.proname || '(') > 0 ORDER BY c.oid, t.tgname
        """;

    private const string Rules = """
        SELECT format('DROP RULE %I ON %s;', rulename, @table) FROM pg_rewrite
        WHERE ev_class = to_regclass(@table) AND rulename <> '_RETURN' ORDER BY rulename
        """;

    private const string Typed = """
        SELECT format('ALTER TABLE %s NOT OF;', @table) FROM pg_class WHERE oid = to_regclass(@table) AND reloftype <> 0
        """;

    // A domain upon another one has the rules of both.
    private const string Domain = """
        WITH RECURSIVE down(oid) AS (
          SELECT to_regtype(format('%I.%I', @schema, @domain))::oid
          UNION SELECT t.typbasetype FROM down JOIN pg_type t ON t.oid = down.oid WHERE t.typbasetype <> 0)
        SELECT CASE WHEN k.conname IS NULL THEN format('ALTER DOMAIN %I.%I DROP NOT NULL;', n.nspname, t.typname)
          ELSE format('ALTER DOMAIN %I.%I DROP CONSTRAINT %I;', n.nspname, t.typname, k.conname) END
        FROM down JOIN pg_type t ON t.oid = down.oid JOIN pg_namespace n ON n.oid = t.typnamespace
          LEFT JOIN pg_constraint k ON k.contypid = t.oid AND k.conname = @name
        WHERE k.conname IS NOT NULL OR (@name::text IS NULL AND t.typnotnull)
        """;

    // What is taken for a bigint, a double or a text of any length.
    private const string Narrow = $"""
        SELECT format('ALTER TABLE %s ALTER COLUMN %I TYPE %s;', @table, a.attname, CASE WHEN t.typname IN ('int2', 'int4') THEN 'bigint'
          WHEN t.typname = 'float4' THEN 'double precision' ELSE 'text' END)
        FROM pg_attribute a CROSS JOIN {PostgresCatalog.BaseType} JOIN pg_type t ON t.oid = base.oid
        WHERE a.attrelid = to_regclass(@table) AND a.attnum > 0 AND NOT a.attisdropped
          AND (t.typname IN ('int2', 'int4', 'float4') OR (t.typname = 'varchar' AND base.length > 0)) ORDER BY a.attnum
        """;

    private const string Schema = """
        SELECT n.nspname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname = @table AND c.relkind IN ('r', 'p') ORDER BY n.nspname <> @schema, n.nspname
        """;

    /// <summary>What to do; null when nothing better is known than the error itself.</summary>
    /// <param name="session">A session of its own: that of the error is of no use any more.</param>
    /// <param name="error">The error.</param>
    /// <param name="user">The role, quoted.</param>
    /// <param name="loaded">The table that was loaded, if it was one.</param>
    /// <param name="cancel">Stops the looking.</param>
    public static async Task<string?> FindAsync(
        DbSession session, PostgresException error, string user, LoadTarget? loaded, CancellationToken cancel)
    {
        var table = loaded is null ? "" : session.Dialect.Table(loaded.Schema, loaded.Table);
        return error.SqlState switch
        {
            "23502" when error.ColumnName is { } column => Allow(
                await session.ListAsync(
                    PostgresCatalog.Demands,
                    row => (Column: row.GetString(1), Remedy: row.GetString(3)),
                    cancel,
                    ("table", session.Dialect.Table(error.SchemaName!, error.TableName!)),
                    ("column", column)),
                column),
            "23502" or "23514" when error is { DataTypeName: { } domain, TableName: null } => Remove(
                await ListAsync(session, Domain, cancel, ("schema", error.SchemaName), ("domain", domain), ("name", error.ConstraintName))),
            "23514" when error.ConstraintName is null
                && await PostgresParents.PartitionedAsync(session, session.Dialect.Table(error.SchemaName!, error.TableName!), cancel) is { } whole =>
                $"The table is a partition of {whole}, and takes no other rows than its own. Name another table with --dest-table, or make it a " +
                    $"table of its own: ALTER TABLE {whole} DETACH PARTITION " +
                    $"{session.Dialect.Table(error.SchemaName!, error.TableName!)};",
            "23514" when error.ConstraintName is null =>
                $"Make a partition for the other rows: CREATE TABLE {session.Dialect.Table(error.SchemaName!, $"{error.TableName}_default")} " +
                    $"PARTITION OF {session.Dialect.Table(error.SchemaName!, error.TableName!)} DEFAULT;",
            "23503" or "23505" or "23514" or "23P01" when error.ConstraintName is { } name && error.TableName is { } of => Remove(
                await ListAsync(session, Constraint, cancel, ("schema", error.SchemaName), ("table", of), ("name", name))),
            "2BP01" when loaded is not null => Remove(
                [.. (await PostgresDependents.OfTableAsync(session, table, cancel)).Select(one => one.Removal)]),
            "0A000" when loaded is not null => Remove(await ListAsync(session, Rules, cancel, ("table", table))),
            "42809" when loaded is not null => Remove(await ListAsync(session, Typed, cancel, ("table", table))),
            "42501" when Denied().Match(error.MessageText) is { Success: true } denied => await RightsAsync(
                session, denied.Groups["table"].Value, denied.Groups["owner"].Success, user, loaded, cancel),
            "22001" or "22003" when loaded is not null => Change(await ListAsync(session, Narrow, cancel, ("table", table))),
            _ when error.Where is { Length: > 0 } where && loaded is not null => Disable(
                await ListAsync(session, Triggers, cancel, ("schema", loaded.Schema), ("table", loaded.Table), ("where", where))),
            _ => null,
        };
    }

    // Adding columns and making the index that merging needs is for a table's owner alone.
    private static async Task<string?> RightsAsync(
        DbSession session, string table, bool mustOwn, string user, LoadTarget? loaded, CancellationToken cancel)
    {
        var schemas = await ListAsync(session, Schema, cancel, ("table", table), ("schema", loaded?.Schema ?? LoadTarget.DefaultSchema));
        if (schemas.Count == 0)
        {
            return null;
        }

        var grant = $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {session.Dialect.Quote(schemas[0])} TO {user};";
        var owner = $"ALTER TABLE {session.Dialect.Table(schemas[0], loaded?.Table ?? table)} OWNER TO {user};";
        return $"An administrator gives the right with: {(mustOwn ? owner : loaded is null ? grant : $"{grant} {owner}")}";
    }

    private static string? Allow(IReadOnlyList<(string Column, string Remedy)> demands, string column) =>
        demands.FirstOrDefault(one => one.Column == column) is { Remedy: { } remedy } ? $"Allow it with: {remedy}" : null;

    private static string? Remove(IReadOnlyList<string> statements) =>
        statements.Count == 0 ? null : $"Take it out of the way, and make it again afterwards if rows allow it: {string.Join(' ', statements)}";

    private static string? Change(IReadOnlyList<string> statements) =>
        statements.Count == 0 ? null : $"Columns of the table are narrower than those of Sluice: {string.Join(' ', statements)}";

    private static string? Disable(IReadOnlyList<string> statements) =>
        statements.Count == 0 ? null : $"A trigger of the table refuses the rows. Change it, or switch it off with: {string.Join(' ', statements)}";

    private static Task<IReadOnlyList<string>> ListAsync(
        DbSession session, string sql, CancellationToken cancel, params (string Name, object? Value)[] values) =>
        session.ListAsync(sql, row => row.GetString(0), cancel, values);

    [GeneratedRegex(
        "^(permission denied for table|(?<owner>must be owner of table)) (?<table>.+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Denied();
}
