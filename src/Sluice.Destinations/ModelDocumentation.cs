using Sluice.Destinations.DuckDb;
using Sluice.Destinations.Models;
using Sluice.Destinations.Postgres;
using Sluice.Destinations.Sqlite;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations;

/// <summary>What the models are, without a destination.</summary>
public static class ModelDocumentation
{
    private static readonly IReadOnlyDictionary<string, ModelSql> Words = new Dictionary<string, ModelSql>(StringComparer.OrdinalIgnoreCase)
    {
        ["duckdb"] = new DuckDbModelSql(),
        ["postgresql"] = new PostgresModelSql(),
        ["sqlite"] = new SqliteModelSql(),
        ["clickhouse"] = new ClickHouseModelSql(),
    };

    /// <summary>All models, each after those that it is made from.</summary>
    public static IReadOnlyList<ModelDescription> All { get; } = [.. ModelCatalog.All.Select(Describe)];

    /// <summary>The databases whose SQL can be shown.</summary>
    public static IReadOnlyList<string> Dialects { get; } = [.. Words.Keys];

    /// <summary>The model of that name; null when there is none.</summary>
    public static ModelDescription? Find(string name) => ModelCatalog.Find(name) is { } model ? Describe(model) : null;

    /// <summary>The query of a model where all tables are there with all their columns.</summary>
    /// <param name="name">The model.</param>
    /// <param name="dialect">One of <see cref="Dialects"/>.</param>
    public static string Sql(string name, string dialect)
    {
        var words = Words[dialect];
        string Place(string schema, string table) => $"{words.Quote(schema)}.{words.Quote(table)}";
        var tables = ModelCatalog.Tables.Select(table => (Name: table, Columns: ColumnsOf(table))).Where(table => table.Columns.Count > 0)
            .ToDictionary(
                table => table.Name,
                table => ModelRelation.Of(
                    table.Name, Place(Engine.Load.LoadTarget.DefaultSchema, ModelCatalog.TableOf(table.Name)), table.Columns, hasJson: true),
                StringComparer.Ordinal);
        var schema = ModelCatalog.SchemaOf(Engine.Load.LoadTarget.DefaultSchema);
        var plans = ModelPlan.Of(words, tables, model => Place(schema, model));
        return plans.Single(plan => plan.Model.Name == name).Select ?? throw new InvalidOperationException($"{name} can't be made.");
    }

    private static Dictionary<string, ColumnType> ColumnsOf(string table) =>
        TableName.TryParse(table, ResourceCatalog.Default, out var name, out _)
            ? ResourceCatalog.Default.Find(name.Resource)!.Columns.Select(column => (column.Name, column.Type))
                .Concat([("_sluice_loaded_at", ColumnType.Timestamp), ("_sluice_deleted_at", ColumnType.Timestamp)])
                .Concat(ResourceCatalog.Default.Find(name.Resource)!.Parent?.Columns.Keys.Select(column => (column, ColumnType.Bigint)) ?? [])
                .DistinctBy(column => column.Item1, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(
                    column => column.Item1,
                    column => column.Item2 == ColumnType.UnixTime ? ColumnType.Timestamp : column.Item2,
                    StringComparer.OrdinalIgnoreCase)
            : [];

    private static ModelDescription Describe(Model model) => new(model.Name, model.Doc)
    {
        Needs = model.Needs,
        Uses = model.Uses,
        Columns = [.. model.Columns.Select(column => new ModelColumnDescription(column.Name, column.Type, column.Doc))],
    };
}

/// <summary>A model, described.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Doc">What it is, beginning with what a row is.</param>
public sealed record ModelDescription(string Name, string Doc)
{
    /// <summary>The tables and models that it is made from: one of each group must be there.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Needs { get; init; }

    /// <summary>What is used besides if it is there.</summary>
    public required IReadOnlyList<string> Uses { get; init; }

    /// <summary>The columns in their order.</summary>
    public required IReadOnlyList<ModelColumnDescription> Columns { get; init; }
}

/// <summary>A column of a model, described.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Doc">What it means; a rate says what it divides by.</param>
public sealed record ModelColumnDescription(string Name, ModelType Type, string Doc);
