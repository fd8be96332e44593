namespace Sluice.Destinations.Dbt;

/// <summary>The files of a package that are the same for all tables.</summary>
internal static class DbtTexts
{
    // The first version that takes the arguments of a test below "arguments" without a flag; loaded_at_query came with 1.10.
    private const string Versions = "[\">=1.10.8\", \"<3.0.0\"]";

    public const string GitIgnore = """
        target/
        dbt_packages/
        logs/
        .user.yml
        profiles.yml

        """;

    public const string UniqueKey = $$$"""
        {# Each combination of the columns is there once. dbt's own test, unique, is for one column. #}
        {% test {{{DbtProperties.UniqueKey}}}(model, columns) %}

        SELECT {{ columns | join(', ') }}, count(*) AS n_records
        FROM {{ model }}
        GROUP BY {{ columns | join(', ') }}
        HAVING count(*) > 1

        {% endtest %}

        """;

    public static string Project(string schema) => $"""
        name: {DbtPackage.Project}
        version: "1.0.0"
        config-version: 2
        require-dbt-version: {Versions}
        profile: {DbtPackage.Project}

        model-paths: ["models"]
        test-paths: ["tests"]
        clean-targets: ["target", "dbt_packages"]

        vars:
          # The schema that Sluice loads into; {DbtPackage.Project}_database, if set, is the database that it is in.
          {DbtPackage.Project}_schema: {DbtYaml.Name(schema)}

        models:
          {DbtPackage.Project}:
            staging:
              +materialized: view
            marts:
              +materialized: table

        """;

    public static string Profile(DbtDialect dialect, string? file)
    {
        var target = dialect.Profile.Select(line => file is not null && line.StartsWith("path:", StringComparison.Ordinal)
            ? $"path: {DbtYaml.Quoted(file)}"
            : line);
        var schema = dialect.Name == "bigquery" ? "dataset" : "schema";
        return new DbtYaml()
            .Lines(0, "# Copy this to profiles.yml, or add it to ~/.dbt/profiles.yml. The schema is where dbt makes its views and tables.")
            .Lines(0, $"{DbtPackage.Project}:", "  target: dev", "  outputs:", "    dev:", $"      type: {dialect.Adapter}")
            .Lines(3, target)
            .Lines(3, $"{schema}: {DbtPackage.Project}_dbt", "threads: 4")
            .ToString();
    }

    public static string Readme(DbtDialect dialect, bool hasLedger) => $"""
        # Customer.io in dbt

        Written by `sluice dbt init` for {dialect.Title}. It needs dbt 1.10.8 or later and `dbt-{dialect.Adapter}`, and no other package.

        ```
        cp profiles.example.yml profiles.yml   # then fill it in
        dbt build                              # views, tables and data tests
        dbt source freshness                   # whether the last load was in time
        dbt docs generate
        ```

        | folder | what is in it |
        |---|---|
        | `models/staging` | the tables as sources, with descriptions, freshness and data tests, and a view `stg_{DbtPackage.Project}__*` upon each |
        | `models/marts` | the models of `sluice models`, as tables |
        | `tests/generic` | the data test for keys of several columns |

        - {(hasLedger
            ? "Freshness is that of a table's last load, from `_sluice_ledger`: a load that found nothing new counts, too."
            : "Sources are the views `_current` that `sluice ddl` prints. Freshness is told of tables of which every load writes all rows anew.")}
        - A parent that is missing is a warning: Customer.io has no foreign keys.
        - A table that is loaded with the strategy `append` holds a row in several versions: its test of uniqueness fails, and you take it out.
        - Run `sluice dbt init` again after tables or columns have come. Files that you have changed stay as you have them.

        """;
}
