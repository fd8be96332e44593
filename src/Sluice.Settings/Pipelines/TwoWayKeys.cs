using Sluice.Settings.Pipelines.Shapes;

namespace Sluice.Settings.Pipelines;

/// <summary>The keys of what keeps a table and a collection, or snippets, the same.</summary>
internal static class TwoWayKeys
{
    private static readonly ValueShape Text = new TextShape();

    /// <summary>What is kept the same.</summary>
    public static IReadOnlyList<Setting> Sides =>
    [
        new("workspace", Text) { Doc = "The workspace; needed when there are several.", Example = "workspace: main" },
        new("database", Text)
        {
            Doc = "The name of a destination that is DuckDB, PostgreSQL or SQLite; needed when there are several.",
            Example = "database: warehouse",
        },
        new("table", new TextShape { Pattern = "^[^.\"]+([.][^.\"]+)?$" })
        {
            IsRequired = true,
            Doc = "Your table in it, which is there already, with its schema or without (then it is main, in PostgreSQL public).",
            Example = "table: shop.stock",
        },
        new("with", Text)
        {
            IsRequired = true,
            Doc = "Customer.io's side: collection:NAME (or its id), or snippets, whose table has the columns name and value.",
            Example = "with: collection:stock",
        },
        new("key", new ListShape(Text))
        {
            Doc = "The columns by which the rows of both sides are paired; needed for a collection, while snippets have their name.",
            Example = "key: [sku]",
        },
    ];

    /// <summary>How.</summary>
    public static IReadOnlyList<Setting> Rules =>
    [
        new("columns", new ListShape(Text))
        {
            Doc = "The columns to keep the same, besides the key; what else is on a side stays as it is there. All of the table by default.",
            Example = "columns: [price, is_sold_out]",
        },
        new("prefer", new WordShape(["database", "customerio", "newest"]))
        {
            Doc = "Whose row is taken when both sides have changed it; by default nobody's: it is listed and stays as it is on both.",
            Example = "prefer: database",
        },
        new("changed_at", Text)
        {
            Doc = "With prefer: newest, the column of times that says when a row of the table was changed.",
            Example = "changed_at: edited_at",
        },
        new("deletes", new SwitchShape())
        {
            Doc = "Deletes a row that is gone on one side on the other one as well; by default it stays there.",
            Example = "deletes: true",
        },
        new("max_deletes", new TextShape { Pattern = "^([0-9]{1,9}|[0-9]{1,2}%|100%)$" })
        {
            Doc = "How many rows a run may delete on a side, as a number or in percent of those at the last run; 10% by default.",
            Example = "max_deletes: 25%",
        },
    ];
}
