using Sluice.Destinations.DuckDb;
using Sluice.Destinations.Models;
using Sluice.Destinations.Postgres;
using Sluice.Destinations.Warehouses;

namespace Sluice.Destinations.Dbt;

/// <summary>A database as dbt's adapter for it and the package see it.</summary>
/// <param name="Name">The name by which it is asked for, as by <c>sluice models</c> and <c>sluice ddl</c>.</param>
/// <param name="Title">The name by which its makers call it.</param>
/// <param name="Adapter">What dbt calls the adapter: the type in a profile, and the end of the Python package's name.</param>
/// <param name="Sql">How models are spelt.</param>
internal sealed record DbtDialect(string Name, string Title, string Adapter, ModelSql Sql)
{
    /// <summary>What a profile needs besides its type and schema; capitals are to be filled in.</summary>
    public required IReadOnlyList<string> Profile { get; init; }

    /// <summary>
    /// Whether tables come by files and <c>sluice ddl</c>: then the rows that count are in its views <c>_current</c>, and there is no ledger.
    /// </summary>
    public bool IsLake { get; init; }

    /// <summary>Whether a database (a project, a catalog) stands above schemas that one connection can read several of.</summary>
    public bool HasDatabases { get; init; } = true;

    /// <summary>What stands behind a table's name where nothing is known of the table itself.</summary>
    public string ReadWith { get; init; } = "";

    /// <summary>All of them, each once.</summary>
    public static IReadOnlyList<DbtDialect> All { get; } =
    [
        new("duckdb", "DuckDB", "duckdb", new DuckDbModelSql()) { Profile = ["path: DATABASE.duckdb"] },
        new("postgresql", "PostgreSQL", "postgres", new PostgresModelSql())
        {
            Profile = ["host: HOST", "port: 5432", "user: USER", Password, "dbname: DATABASE"],
            HasDatabases = false,
        },
        new("clickhouse", "ClickHouse", "clickhouse", new ClickHouseModelSql())
        {
            Profile = ["host: HOST", "port: 8123", "user: USER", Password],
            HasDatabases = false,
            ReadWith = " FINAL",
        },
        OfLake("snowflake", "account: ACCOUNT", "user: USER", Password, "role: ROLE", "warehouse: WAREHOUSE", "database: DATABASE"),
        OfLake("bigquery", "method: oauth", "project: PROJECT"),
        OfLake("redshift", "host: HOST", "port: 5439", "user: USER", Password, "dbname: DATABASE"),
        OfLake("databricks", "host: HOST", "http_path: HTTP_PATH", "token: \"{{ env_var('DBT_TOKEN') }}\"", "catalog: CATALOG"),
        OfLake("spark", "method: thrift", "host: HOST", "port: 10000") with { HasDatabases = false },
        OfLake("trino", "host: HOST", "port: 8080", "user: USER", "database: CATALOG"),
        OfLake("athena", "s3_staging_dir: s3://BUCKET/PREFIX/", "region_name: REGION", "database: awsdatacatalog"),
    ];

    // A key is never written into a file that belongs into git.
    private const string Password = "password: \"{{ env_var('DBT_PASSWORD') }}\"";

    /// <summary>The dialect of that name, in any case.</summary>
    public static DbtDialect Find(string name) => All.First(dialect => dialect.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static DbtDialect OfLake(string name, params string[] profile)
    {
        var warehouse = WarehouseDialects.All.Single(dialect => dialect.Name == name);
        return new DbtDialect(name, warehouse.Title, name, warehouse.Models) { Profile = profile, IsLake = true };
    }
}
