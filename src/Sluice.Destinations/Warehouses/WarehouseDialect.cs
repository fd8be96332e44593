using System.Text;
using Sluice.Destinations.Models;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Warehouses;

/// <summary>How one engine writes names, types and statements.</summary>
internal abstract class WarehouseDialect
{
    /// <summary>The name by which it is asked for.</summary>
    public abstract string Name { get; }

    /// <summary>The name by which its makers call it.</summary>
    public abstract string Title { get; }

    /// <summary>What must be filled in by hand, because Sluice neither knows nor wants to know it.</summary>
    public virtual IEnumerable<string> Blanks(DdlRequest request)
    {
        if (request.Location == LakeAddress.Placeholder)
        {
            yield return "BUCKET/PREFIX";
        }
    }

    /// <summary>How models are spelt.</summary>
    public abstract ModelSql Models { get; }

    /// <summary>Makes a schema, unless it is there.</summary>
    public virtual string CreateSchema(string schema) => $"CREATE SCHEMA IF NOT EXISTS {Quote(schema)}";

    /// <summary>What is done once, before any table.</summary>
    public abstract IEnumerable<DdlStatement> Preparation(DdlRequest request);

    /// <summary>What is done for a table.</summary>
    public abstract IEnumerable<DdlStatement> Statements(LakeTable table, DdlRequest request);

    /// <summary>What the engine can't do of what is asked for.</summary>
    public virtual IEnumerable<(string Message, string Hint)> Refusals(DdlRequest request) =>
        request.Tables.SelectMany(table => table.All.Select(column => column.Name).Append(table.Name)).Distinct(StringComparer.Ordinal)
            .Where(name => Encoding.UTF8.GetByteCount(name) > LongestName)
            .Select(name =>
                (
                    $"{Title} takes names of {LongestName} bytes, and this one has more: {name}.",
                    "Leave the column out of the lake with --exclude-columns."))
            .Concat(
                request.Tables.SelectMany(table =>
                    table
                        .PrimaryKey.Where(key => table.Columns.All(column => column.Name != key))
                        .Select(key =>
                            (
                                $"{table.Name} has no column {key}, which is to identify its rows.",
                                "Give the --primary-key that ingest was given, and --columns if the catalog does not know it."))));

    /// <summary>The types of columns as the engine reads them from a Parquet file.</summary>
    protected abstract ColumnTypes Types { get; }

    /// <summary>A name as it stands in statements.</summary>
    public abstract string Quote(string name);

    /// <summary>The longest name in bytes.</summary>
    protected abstract int LongestName { get; }

    /// <summary>A name in the SELECT of a view, where it may be another language than that of CREATE TABLE.</summary>
    protected virtual string QuoteInView(string name) => Quote(name);

    /// <summary>A column in the SELECT of a view.</summary>
    protected virtual string InView(LakeColumn column) => QuoteInView(column.Name);

    protected virtual string Qualify(DdlRequest request, string table) => $"{Quote(request.Schema)}.{Quote(table)}";

    protected static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    protected static string Lines(IEnumerable<string> parts) => string.Join(",\n", parts.Select(part => $"  {part}"));

    protected string Define(IEnumerable<LakeColumn> columns) => Define(columns, Types);

    protected string Define(IEnumerable<LakeColumn> columns, ColumnTypes types) =>
        Lines(columns.Select(column => $"{Quote(column.Name)} {types.Of(column.Type)}"));

    protected string Names(IEnumerable<LakeColumn> columns) => Lines(columns.Select(column => Quote(column.Name)));

    /// <summary>A statement that refuses a list of files is one of an engine that reads a folder.</summary>
    protected IEnumerable<(string Message, string Hint)> RefuseFiles(DdlRequest request) =>
        request.Files is null
            ? []
            :
            [
                (
                    $"{Title} mounts a whole folder and takes no list of files.",
                    "Leave --manifest out; the view of each table counts a row once, whatever files are there."),
            ];

    protected IEnumerable<(string Message, string Hint)> RefuseOtherStores(DdlRequest request) => request.Location.Store == LakeStore.S3
        ? []
        : [($"{Title} reads s3:// only, and --location is {request.Location}.", "Give the s3:// address that the lake is copied to.")];

    /// <summary>The view that leaves out deleted rows and of each row all but the newest version.</summary>
    protected DdlStatement CurrentRows(LakeTable table, DdlRequest request)
    {
        const string Place = "_sluice_place";
        var from = ViewName(request, table.Name);
        var conditions = new List<string>();
        if (table.PrimaryKey.Count > 0)
        {
            var keys = table.PrimaryKey.Select(QuoteInView).ToList();
            var marks = table.MarksDeleted ? $", {QuoteInView(LakeTable.DeletedAt)} DESC NULLS LAST" : "";
            var order = $"{QuoteInView(LakeTable.NewestFirst)} DESC NULLS LAST{marks}";
            conditions.Add($"({QuoteInView(Place)} = 1 OR {string.Join(" OR ", keys.Select(key => $"{key} IS NULL"))})");
            from =
                $"(\n  SELECT t.*, row_number() OVER (PARTITION BY {string.Join(", ", keys)} ORDER BY {order}) AS {QuoteInView(Place)}\n  FROM " +
                    $"{from} t\n) newest";
        }

        if (table.MarksDeleted)
        {
            conditions.Add($"{QuoteInView(LakeTable.DeletedAt)} IS NULL");
        }

        var where = conditions.Count == 0 ? "" : $"\nWHERE {string.Join(" AND ", conditions)}";
        return new DdlStatement(
            $"CREATE OR REPLACE VIEW {ViewName(request, table.Current)} AS\nSELECT\n{Lines(table.All.Select(InView))}\nFROM {from}{where}",
            "What Customer.io has now: every row once, in its newest version, and none that was deleted.");
    }

    /// <summary>The statements that make the models of the tables, and what is to be said of those that can't be made.</summary>
    public IEnumerable<DdlStatement> ModelStatements(DdlRequest request)
    {
        var views = request with { Schema = ModelCatalog.SchemaOf(request.Schema) };
        var tables = ModelCatalog.Tables
            .Select(name => (Name: name, Table: request.Tables.FirstOrDefault(table => table.Name == ModelCatalog.TableOf(name))))
            .Where(one => one.Table is not null)
            .ToDictionary(one => one.Name, one => RelationOf(one.Name, one.Table!, request), StringComparer.Ordinal);
        yield return new DdlStatement(CreateSchema(views.Schema), "The models: views that answer questions without joins and JSON.");
        foreach (var plan in ModelPlan.Of(Models, tables, model => ViewName(views, model)))
        {
            var why = string.Join('\n', plan.Lacks.Select(lack => $"{plan.Model.Name} {lack}").Prepend(plan.Model.Doc));
            foreach (var statement in plan.Select is null ? [] : Models.Create(ViewName(views, plan.Model.Name), plan))
            {
                yield return new DdlStatement(statement, why);
            }
        }
    }

    private ModelRelation RelationOf(string source, LakeTable table, DdlRequest request) => ModelRelation.Of(
        source,
        ViewName(request, table.Current),
        table.All.ToDictionary(
            column => column.Name,
            column => column.IsTime ? ColumnType.Timestamp
                : column.IsJson && !Models.HasJson ? ColumnType.Text
                : column.Type,
            StringComparer.OrdinalIgnoreCase),
        Models.HasJson);

    protected virtual string ViewName(DdlRequest request, string table) => Qualify(request, table);
}

/// <summary>What an engine calls the types of columns; JSON is text where it has no type of its own.</summary>
internal sealed record ColumnTypes(string Bigint, string Double, string Boolean, string Time, string Text, string? Json = null)
{
    public string Of(ColumnType type) => type switch
    {
        ColumnType.Bigint => Bigint,
        ColumnType.Double => Double,
        ColumnType.Boolean => Boolean,
        ColumnType.UnixTime or ColumnType.Timestamp => Time,
        ColumnType.Json => Json ?? Text,
        _ => Text,
    };
}
