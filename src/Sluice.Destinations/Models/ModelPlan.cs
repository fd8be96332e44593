using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Models;

/// <summary>A model as it can be made of the tables that are there.</summary>
/// <param name="Model">The model.</param>
/// <param name="Select">Its query; null when it can't be made.</param>
/// <param name="Columns">The columns that it has.</param>
/// <param name="Lacks">What is lacking, one phrase each, with what is left out because of it.</param>
internal sealed record PlannedModel(Model Model, string? Select, IReadOnlyList<ModelColumn> Columns, IReadOnlyList<string> Lacks);

/// <summary>Finds out which models can be made, with which columns.</summary>
internal static class ModelPlan
{
    /// <summary>Plans models in the order in which they are made of each other.</summary>
    /// <param name="sql">The database's words.</param>
    /// <param name="tables">The tables that are there, by the catalog's name.</param>
    /// <param name="nameOf">A view's name, quoted.</param>
    /// <param name="isTaken">Whether a view's name belongs to somebody else.</param>
    /// <param name="told">A table for a message that says it is lacking.</param>
    public static IReadOnlyList<PlannedModel> Of(
        ModelSql sql,
        IReadOnlyDictionary<string, ModelRelation> tables,
        Func<string, string> nameOf,
        Func<string, bool>? isTaken = null,
        Func<string, string>? told = null)
    {
        var relations = new Dictionary<string, ModelRelation>(tables, StringComparer.Ordinal);
        var plans = new List<PlannedModel>();
        foreach (var model in ModelCatalog.All)
        {
            var plan = Of(model, new ModelScope(sql, relations.GetValueOrDefault) { PassedOn = model.PassesOn ?? "" }, sql, told ?? (name => name));
            plans.Add(plan);
            relations.Remove(model.Name);
            if (plan.Select is not null && isTaken?.Invoke(model.Name) != true)
            {
                relations[model.Name] = new ModelRelation(
                    model.Name,
                    nameOf(model.Name),
                    plan.Columns.ToDictionary(column => column.Name, column => TypeOf(column.Type), StringComparer.OrdinalIgnoreCase));
            }
        }

        return plans;
    }

    private static PlannedModel Of(Model model, ModelScope scope, ModelSql sql, Func<string, string> told)
    {
        var absent = model.Needs.Where(group => !group.Any(scope.Has)).Select(group => $"needs {string.Join(" or ", group.Select(told))}").ToList();
        if (absent.Count > 0)
        {
            return new PlannedModel(model, null, [], absent);
        }

        var from = model.From(scope);
        if (scope.TakeLacks() is { Count: > 0 } broken)
        {
            return new PlannedModel(model, null, [], broken);
        }

        var (columns, lacks, isWhole) = Columns(model, scope);
        if (!isWhole)
        {
            return new PlannedModel(model, null, [], lacks);
        }

        var list = string.Join(",\n", columns.Select(column => $"  {column.Sql} AS {sql.Quote(column.Column.Name)}"));
        var group = model.IsGrouped
            ? $"\nGROUP BY {string.Join(", ", columns.Where(column => !column.Column.IsMeasure).Select(column => column.Sql))}"
            : "";
        return new PlannedModel(model, $"SELECT\n{list}\nFROM {from}{group}", [.. columns.Select(column => column.Column)], lacks);
    }

    private static (List<(ModelColumn Column, string Sql)> Columns, List<string> Lacks, bool IsWhole) Columns(Model model, ModelScope scope)
    {
        var columns = new List<(ModelColumn, string)>();
        var lost = new List<(string Column, IReadOnlyList<string> Why)>();
        var isWhole = true;
        foreach (var column in model.Columns.Concat(PassedOn(model, scope)))
        {
            var sql = column.Sql(scope);
            var why = scope.TakeLacks();
            if (why.Count == 0)
            {
                columns.Add((column, sql));
                continue;
            }

            isWhole &= !column.IsKey;
            if (!column.IsQuiet)
            {
                lost.Add((column.Name, why));
            }
        }

        var lacks = lost.GroupBy(one => string.Join(" and ", one.Why), StringComparer.Ordinal)
            .Select(group => $"without {string.Join(", ", group.Select(one => one.Column))}: {group.Key}");
        return (columns, [.. lacks], isWhole);
    }

    private static IEnumerable<ModelColumn> PassedOn(Model model, ModelScope scope) =>
        model.PassesOn is { } alias
            ? scope.MoreOf(alias).Where(column => !model.Columns.Any(own => own.Name.Equals(column, StringComparison.OrdinalIgnoreCase)))
                .Select(column => new ModelColumn(column, ModelType.Text, "As in the table.", own => own[$"{alias}.{column}"]))
            : [];

    private static ColumnType TypeOf(ModelType type) => type switch
    {
        ModelType.Integer => ColumnType.Bigint,
        ModelType.Number => ColumnType.Double,
        ModelType.Boolean => ColumnType.Boolean,
        ModelType.Time => ColumnType.Timestamp,
        _ => ColumnType.Text,
    };
}

/// <summary>A model that is to be made, unless its name belongs to somebody else.</summary>
/// <param name="Plan">The model as it can be made.</param>
/// <param name="IsTaken">Whether the name belongs to somebody else.</param>
internal sealed record MadeModel(PlannedModel Plan, bool IsTaken)
{
    public bool IsMade => Plan.Select is not null && !IsTaken;

    public IEnumerable<string> Statements(Func<string, string> nameOf, ModelSql sql) => IsMade ? sql.Create(nameOf(Plan.Model.Name), Plan) : [];

    public ModelReport Report(Func<string, string> nameOf, ModelSql sql) => new(
        Plan.Model.Name,
        nameOf(Plan.Model.Name),
        Plan.Select is null ? ModelOutcome.Lacking
            : IsTaken ? ModelOutcome.Taken
            : ModelOutcome.Made)
    {
        Lacks = Plan.Lacks,
        Statements = [.. Statements(nameOf, sql)],
    };
}
