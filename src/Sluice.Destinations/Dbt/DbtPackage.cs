using Sluice.Destinations.Models;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Dbt;

/// <summary>A package for dbt: sources, staging models and the models as marts, as files.</summary>
public sealed class DbtPackage
{
    /// <summary>The name of the project, of its profile and of its source.</summary>
    internal const string Project = "customerio";

    private DbtPackage(DbtDialect dialect, FoundTables found, string? file)
    {
        var tables = found.Tables.Where(table => !DbtYaml.IsTemplate(table.Identifier)).ToList();
        Tables = [.. tables.Select(table => new DbtTable(Plain(table))).OrderBy(table => table.Name, StringComparer.Ordinal)];
        LeftOut =
        [
            .. found.Tables.Except(tables).Select(table => table.Identifier),
            .. tables.SelectMany(table => table.Columns.Keys.Where(DbtYaml.IsTemplate).Select(column => $"{table.Identifier}.{column}")),
        ];
        var plans = Plan(dialect);
        Marts = plans.Count(plan => plan.Select is not null);
        Lacks = [.. plans.Where(plan => plan.Lacks.Count > 0).Select(plan => Report(plan))];
        var properties = new DbtProperties(dialect, Tables, found.Ledger);
        Files =
        [
            new("dbt_project.yml", DbtTexts.Project(found.Schema)),
            new("profiles.example.yml", DbtTexts.Profile(dialect, file)),
            new("README.md", DbtTexts.Readme(dialect, found.Ledger is not null)),
            new(".gitignore", DbtTexts.GitIgnore),
            new($"tests/generic/{DbtProperties.UniqueKey}.sql", DbtTexts.UniqueKey),
            new($"models/staging/_{Project}__sources.yml", properties.Sources()),
            new($"models/staging/_{Project}__staging.yml", properties.Staging()),
            .. Tables.Select(table => new DbtFile($"models/staging/{table.Staging}.sql", StagingSql(dialect, table))),
            .. Marts > 0 ? [new($"models/marts/_{Project}__marts.yml", DbtProperties.Marts(plans))] : Array.Empty<DbtFile>(),
            .. plans.Where(plan => plan.Select is not null).Select(plan => new DbtFile($"models/marts/{plan.Model.Name}.sql", plan.Select + "\n")),
        ];
    }

    /// <summary>The databases that a package can be written for.</summary>
    public static IReadOnlyList<string> Dialects { get; } = [.. DbtDialect.All.Select(dialect => dialect.Name)];

    /// <summary>Those of them that get their tables by files and <c>sluice ddl</c>.</summary>
    public static IReadOnlyList<string> LakeDialects { get; } = [.. DbtDialect.All.Where(dialect => dialect.IsLake).Select(dialect => dialect.Name)];

    /// <summary>The files, by their paths below the package's folder.</summary>
    public IReadOnlyList<DbtFile> Files { get; }

    /// <summary>How many sources there are, each with a staging model.</summary>
    public int Sources => Tables.Count;

    /// <summary>How many marts there are.</summary>
    public int Marts { get; }

    /// <summary>The models that can't be made or lack a column, each with what is lacking.</summary>
    public IReadOnlyList<ModelReport> Lacks { get; }

    /// <summary>The tables and columns that are left out because dbt would take their names for templates.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    internal IReadOnlyList<DbtTable> Tables { get; }

    /// <summary>Makes the package of a schema's tables.</summary>
    /// <param name="dialect">One of <see cref="Dialects"/>.</param>
    /// <param name="found">The tables.</param>
    /// <param name="file">The database file, as it is found from the package's folder; null where the database is none.</param>
    public static DbtPackage Of(string dialect, FoundTables found, string? file = null) => new(DbtDialect.Find(dialect), found, file);

    /// <summary>The tables of a schema that is not looked at: each with the columns that the catalog gives it.</summary>
    public static FoundTables Catalog(string dialect, string schema, IEnumerable<TableName> tables)
    {
        var chosen = DbtDialect.Find(dialect);
        return new FoundTables(schema, chosen.IsLake ? null : SystemTable.Ledger.Name, [.. tables.Select(table => Described(table, chosen))]);
    }

    /// <summary>The dialect of a database that Sluice loads; null for files and for databases that no package is written for.</summary>
    public static string? DialectOf(string uri)
    {
        var scheme = uri.Split("://")[0].ToLowerInvariant();
        return DbtDialect.All.FirstOrDefault(dialect => !dialect.IsLake && (dialect.Name == scheme || dialect.Adapter == scheme))?.Name;
    }

    /// <summary>What a database calls itself.</summary>
    public static string TitleOf(string dialect) => DbtDialect.Find(dialect).Title;

    /// <summary>The Python package of dbt's adapter.</summary>
    public static string AdapterOf(string dialect) => $"dbt-{DbtDialect.Find(dialect).Adapter}";

    private static FoundTable Plain(FoundTable table) => table with
    {
        Columns = table.Columns.Where(column => !DbtYaml.IsTemplate(column.Key)).ToDictionary(StringComparer.OrdinalIgnoreCase),
    };

    private static FoundTable Described(TableName table, DbtDialect dialect)
    {
        var lake = Warehouses.LakeTable.Of(table, ResourceCatalog.Default.Find(table.Resource)!);
        var columns = lake.All.ToDictionary(
            column => column.Name,
            column => column.IsTime ? ColumnType.Timestamp
                : column.IsJson && !dialect.Sql.HasJson ? ColumnType.Text
                : column.Type,
            StringComparer.OrdinalIgnoreCase);
        return new FoundTable(table.ToString(), lake.Name, dialect.IsLake ? lake.Current : lake.Name, columns) { ReadWith = dialect.ReadWith };
    }

    private IReadOnlyList<PlannedModel> Plan(DbtDialect dialect) => ModelPlan.Of(
        dialect.Sql,
        Tables.ToDictionary(
            table => table.Found.Source,
            table => ModelRelation.Of(table.Found.Source, $"{{{{ {table.Reference} }}}}", table.Found.Columns, dialect.Sql.HasJson),
            StringComparer.Ordinal),
        model => $"{{{{ ref('{model}') }}}}");

    private static string StagingSql(DbtDialect dialect, DbtTable table) =>
        $"SELECT\n{string.Join(",\n", table.Found.Columns.Keys.Select(column => $"  {dialect.Sql.Quote(column)}"))}\n"
        + $"FROM {{{{ {table.Source} }}}}{table.Found.ReadWith}\n";

    private static ModelReport Report(PlannedModel plan) =>
        new(plan.Model.Name, plan.Model.Name, plan.Select is null ? ModelOutcome.Lacking : ModelOutcome.Made) { Lacks = plan.Lacks };
}

/// <summary>A file of the package.</summary>
/// <param name="Path">The path below the package's folder, with slashes.</param>
/// <param name="Text">What it holds.</param>
public sealed record DbtFile(string Path, string Text);
