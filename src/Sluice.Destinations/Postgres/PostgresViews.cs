using Npgsql;
using Sluice.Destinations.Merge;
using Sluice.Destinations.Models;
using Sluice.Engine;

namespace Sluice.Destinations.Postgres;

/// <summary>Views that Sluice has made: they never keep a table from being replaced or given wider types.</summary>
internal static class PostgresViews
{
    private const string ColumnsDiffer = "42P16";
    private const string HasDependents = "2BP01";

    // An undefined column, table or function, or a type that is another one: the view read what is gone.
    private static readonly string[] NoLongerFits = ["42703", "42P01", "42883", "42804"];

    // Views upon views come first; what makes one again are its definition, its comments and the rights that were given on it.
    private const string Hanging = """
        WITH RECURSIVE hanging(view, depth) AS (
            SELECT r.ev_class, 1 FROM pg_depend d JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
            WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = to_regclass(@table) AND d.deptype = 'n' AND r.ev_class <> d.refobjid
            UNION
            SELECT r.ev_class, h.depth + 1
            FROM hanging h JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = h.view AND d.deptype = 'n'
              JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
            WHERE r.ev_class <> h.view AND h.depth < 50),
          one AS (SELECT view, max(depth) AS depth FROM hanging GROUP BY view)
        SELECT format('%I.%I', n.nspname, c.relname),
          c.relkind = 'v' AND coalesce(starts_with(obj_description(c.oid, 'pg_class'), @mark), false),
          ARRAY[format('CREATE VIEW %I.%I AS %s', n.nspname, c.relname, pg_get_viewdef(c.oid)),
            format('COMMENT ON VIEW %I.%I IS %L', n.nspname, c.relname, obj_description(c.oid, 'pg_class'))]
          || ARRAY(
            SELECT format('COMMENT ON COLUMN %I.%I.%I IS %L', n.nspname, c.relname, a.attname, col_description(c.oid, a.attnum)) FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND col_description(c.oid, a.attnum) IS NOT NULL)
          || ARRAY(
            SELECT format('GRANT %s ON %I.%I TO %s', x.privilege_type, n.nspname, c.relname,
              CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END)
            FROM aclexplode(c.relacl) AS x WHERE x.grantee <> c.relowner)
        FROM one JOIN pg_class c ON c.oid = one.view JOIN pg_namespace n ON n.oid = c.relnamespace
        ORDER BY one.depth DESC, c.relname
        """;

    /// <summary>The names of a schema's views that Sluice has made.</summary>
    public static async Task<IReadOnlySet<string>> OwnAsync(DbSession session, string schema, CancellationToken cancel) =>
        (await session.ListAsync(
            """
            SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = @schema AND c.relkind = 'v' AND starts_with(obj_description(c.oid, 'pg_class'), @mark)
            """,
            row => row.GetString(0),
            cancel,
            ("schema", schema),
            ("mark", ModelSql.Mark))).ToHashSet(StringComparer.Ordinal);

    /// <summary>The views upon a table, each before those that it reads.</summary>
    public static Task<IReadOnlyList<HangingView>> UponAsync(DbSession session, string table, CancellationToken cancel) => session.ListAsync(
        Hanging,
        row => new HangingView(row.GetString(0), row.GetBoolean(1), row.GetFieldValue<string[]>(2)),
        cancel,
        ("table", table),
        ("mark", ModelSql.Mark));

    /// <summary>Does something with a table while Sluice's own views upon it are away, and makes them again.</summary>
    public static async Task WithoutAsync(DbSession session, string table, Func<Task> work, CancellationToken cancel)
    {
        var views = await UponAsync(session, table, cancel);
        if (!views.All(view => view.IsOwn))
        {
            views = [];
        }

        foreach (var view in views)
        {
            await session.RunAsync($"DROP VIEW {view.Name}", cancel);
        }

        await work();
        foreach (var view in views.Reverse())
        {
            await RestoreAsync(session, view, cancel);
        }
    }

    /// <summary>Makes views in the place of those that are there, which keep their rights where their columns allow it.</summary>
    public static async Task CreateAsync(
        DbSession session, IReadOnlyList<string> statements, IReadOnlyList<string> former, IReadOnlyList<string> stale, CancellationToken cancel)
    {
        await session.RunAsync("SAVEPOINT before_views", cancel);
        try
        {
            foreach (var statement in stale.Select(view => $"DROP VIEW {view}").Concat(statements))
            {
                await session.RunAsync(statement, cancel);
            }
        }
        catch (PostgresException error) when (error.SqlState is ColumnsDiffer or HasDependents)
        {
            await session.RunAsync("ROLLBACK TO SAVEPOINT before_views", cancel);
            await CreateAnewAsync(session, statements, former, cancel);
        }
    }

    // Columns can be added at a view's end, and nothing else can be changed about them.
    private static async Task CreateAnewAsync(
        DbSession session, IReadOnlyList<string> statements, IReadOnlyList<string> former, CancellationToken cancel)
    {
        foreach (var view in former)
        {
            var others = (await UponAsync(session, view, cancel)).Where(one => !one.IsOwn).Select(one => one.Name).ToList();
            if (others.Count > 0)
            {
                throw new SluiceException(
                    SluiceErrorKind.Destination,
                    $"The model {view} gets other columns, and PostgreSQL does not change it while there is {string.Join(", ", others)}. "
                        + "The models are as they were.",
                    $"Run {string.Join(' ', others.Select(one => $"DROP VIEW {one};"))} then 'sluice models', and make it again afterwards.");
            }

            await session.RunAsync($"DROP VIEW {view}", cancel);
        }

        foreach (var statement in statements)
        {
            await session.RunAsync(statement, cancel);
        }
    }

    // A column that is gone takes the view with it: the next making of the models leaves it out.
    private static async Task RestoreAsync(DbSession session, HangingView view, CancellationToken cancel)
    {
        await session.RunAsync("SAVEPOINT before_view", cancel);
        try
        {
            foreach (var statement in view.Statements)
            {
                await session.RunAsync(statement, cancel);
            }
        }
        catch (PostgresException error) when (Array.Exists(NoLongerFits, state => state == error.SqlState))
        {
            await session.RunAsync("ROLLBACK TO SAVEPOINT before_view", cancel);
            session.LoseView(view.Name);
        }
    }
}

/// <summary>A view that reads a table, itself or by way of others.</summary>
/// <param name="Name">Its name, quoted.</param>
/// <param name="IsOwn">Whether Sluice has made it.</param>
/// <param name="Statements">What makes it again.</param>
internal sealed record HangingView(string Name, bool IsOwn, IReadOnlyList<string> Statements);
