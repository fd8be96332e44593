using Sluice.Destinations.Models;

namespace Sluice.Destinations.Dbt;

/// <summary>What dbt is told of sources and models: descriptions, freshness and data tests.</summary>
/// <param name="dialect">The database.</param>
/// <param name="tables">The tables.</param>
/// <param name="ledger">The name of the table with the account of every load; null where there is none.</param>
internal sealed class DbtProperties(DbtDialect dialect, IReadOnlyList<DbtTable> tables, string? ledger)
{
    /// <summary>The package's own test, which no other package is needed for.</summary>
    public const string UniqueKey = "customerio_unique_key";

    private const string Freshness = "freshness: {warn_after: {count: 36, period: hour}, error_after: {count: 72, period: hour}}";

    public string Sources()
    {
        var yaml = new DbtYaml().Lines(0, "version: 2", "", "sources:", $"  - name: {DbtPackage.Project}")
            .Description(2, "What Sluice loads from Customer.io. " + FreshnessDoc)
            .Lines(2, ledger is null ? [] : ["config:", $"  {Freshness}"]);
        yaml.Lines(2, dialect.HasDatabases ? [$"database: \"{{{{ var('{DbtPackage.Project}_database', target.database) }}}}\""] : []);
        yaml.Lines(2, $"schema: \"{{{{ var('{DbtPackage.Project}_schema') }}}}\"", "loader: sluice", "tables:");
        foreach (var table in tables)
        {
            yaml.Lines(3, $"- name: {table.Name}");
            Describe(yaml, 4, table);
            yaml.Lines(4, table.Found.Identifier == table.Name ? [] : [$"identifier: {DbtYaml.Name(table.Found.Identifier)}"]);
            Loaded(yaml, table);
            Columns(yaml, 4, table, hasTests: dialect.ReadWith.Length == 0, other => other.Source);
            yaml.Lines(0, "");
        }

        return yaml.ToString().TrimEnd('\n') + "\n";
    }

    public string Staging()
    {
        var yaml = new DbtYaml().Lines(0, "version: 2", "", "models:");
        foreach (var table in tables)
        {
            yaml.Lines(1, $"- name: {table.Staging}");
            Describe(yaml, 2, table);

            // Where a table holds older versions of a row, too, the model is the first that has each row once.
            Columns(yaml, 2, table, hasTests: dialect.ReadWith.Length > 0, other => other.Reference);
            yaml.Lines(0, "");
        }

        return yaml.ToString().TrimEnd('\n') + "\n";
    }

    public static string Marts(IReadOnlyList<PlannedModel> plans)
    {
        var yaml = new DbtYaml().Lines(0, "version: 2", "", "models:");
        foreach (var plan in plans.Where(plan => plan.Select is not null))
        {
            yaml.Lines(1, $"- name: {plan.Model.Name}").Description(2, plan.Model.Doc).Lines(2, "columns:");
            foreach (var column in plan.Columns)
            {
                yaml.Lines(3, $"- name: {DbtYaml.Name(column.Name)}").Description(4, column.Doc);
                yaml.Lines(4, column.IsKey ? ["data_tests:", "  - not_null"] : []);
            }

            yaml.Lines(0, "");
        }

        return yaml.ToString().TrimEnd('\n') + "\n";
    }

    private string FreshnessDoc => ledger is not null
        ? $"Freshness is that of the last load, from {ledger}: a load that found nothing new counts, too."
        : "Freshness is told of tables of which every load writes all rows anew; of the others _sluice_loaded_at is when a row last changed.";

    private static void Describe(DbtYaml yaml, int level, DbtTable table) => yaml.Description(level, $"{table.Doc} {table.DocsUrl}".Trim());

    // Rows that a load found unchanged keep their time, so that the ledger alone knows of every load.
    private void Loaded(DbtYaml yaml, DbtTable table)
    {
        if (ledger is not null && table.Found.IsLoaded)
        {
            var relation = $"api.Relation.create(database=this.database, schema=this.schema, identifier='{ledger}')";
            yaml.Lines(4, "config:").Text(
                5, "loaded_at_query", $"SELECT max(committed_at) FROM {{{{ {relation} }}}} WHERE table_name = {dialect.Sql.Text(table.Found.Name)}");
        }
        else if (ledger is not null)
        {
            yaml.Lines(4, "config:", "  freshness: null");
        }
        else if (table.IsReplaced && table.Found.Columns.ContainsKey("_sluice_loaded_at"))
        {
            yaml.Lines(4, "config:", $"  {Freshness}", "  loaded_at_field: _sluice_loaded_at");
        }
    }

    private void Columns(DbtYaml yaml, int level, DbtTable table, bool hasTests, Func<DbtTable, string> nameOf)
    {
        if (hasTests && table.Key.Count > 1)
        {
            var key = table.Key.Select(column => DbtYaml.Name(Tested(column)));
            yaml.Lines(level, "data_tests:", $"  - {UniqueKey}:", "      arguments:", $"        columns: [{string.Join(", ", key)}]");
        }

        yaml.Lines(level, "columns:");
        foreach (var column in table.Found.Columns.Keys)
        {
            var tests = hasTests ? Tests(table, column, nameOf).ToList() : [];
            yaml.Lines(level + 1, $"- name: {DbtYaml.Name(tests.Count > 0 ? Written(column) : column)}").Description(level + 2, table.DocOf(column));
            yaml.Lines(level + 2, tests.Count == 0 ? [] : [.. DbtTable.IsOdd(column) ? ["quote: true"] : Array.Empty<string>(), "data_tests:"]);
            yaml.Lines(level + 3, tests);
        }
    }

    private IEnumerable<string> Tests(DbtTable table, string column, Func<DbtTable, string> nameOf)
    {
        if (table.Key is [var only] && only == column)
        {
            yield return "- unique";
        }

        if (table.Key.Contains(column, StringComparer.Ordinal))
        {
            yield return "- not_null";
        }

        foreach (var link in table.Links.Where(link => link.Column == column))
        {
            if (tables.FirstOrDefault(other => other.Found.Source == link.Resource && other.Found.Columns.ContainsKey(link.Key)) is { } parent)
            {
                yield return "- relationships:";
                yield return $"    arguments: {{to: \"{nameOf(parent)}\", field: {link.Key}}}";

                // Customer.io has no foreign keys: it may go on telling of what it no longer lists.
                yield return "    config: {severity: warn}";
            }
        }
    }

    private string Tested(string column) => DbtTable.IsOdd(column) ? dialect.Sql.Quote(column) : column;

    // What dbt is to quote it must be told in the case that the database has: a quoted name is the SQL's, without its quotes.
    private string Written(string column) => DbtTable.IsOdd(column) ? dialect.Sql.Quote(column)[1..^1] : column;
}
