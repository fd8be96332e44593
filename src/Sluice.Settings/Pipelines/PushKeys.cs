using Sluice.Settings.Pipelines.Shapes;

namespace Sluice.Settings.Pipelines;

/// <summary>The keys of a push in the pipeline file.</summary>
internal static class PushKeys
{
    private static readonly ValueShape Text = new TextShape();
    private static readonly ValueShape Column = new TextShape { Pattern = "^[^=]+$" };

    public static IReadOnlyList<Setting> All => [.. Source, .. Target, .. Values, .. Rules];

    private static IEnumerable<Setting> Source =>
    [
        new("workspace", Text) { Doc = "The workspace to write to; needed when there are several.", Example = "workspace: main" },
        new("from", Text)
        {
            Doc = "The destination that the query asks, by its name; needed when there are several.",
            Example = "from: warehouse",
        },
        new("query", Text) { Doc = "A SELECT whose rows are pushed.", Example = "query: SELECT id, plan FROM accounts" },
        new("file", Text)
        {
            Doc = "A file in place of a query: CSV, TSV, JSON lines, JSON or Parquet, also as .gz or .zst, or a pattern of files.",
            Example = "file: people-*.csv",
        },
    ];

    private static IEnumerable<Setting> Target =>
    [
        new("into", Text)
        {
            IsRequired = true,
            Doc = "What rows become: people, events, objects, relationships, segment:NAME or collection:NAME (or the id).",
            Example = "into: people",
        },
        new("key", new ListShape(Column))
        {
            Doc = "The columns by which a row is known again: needed for events and collections; otherwise those that name the person or object.",
            Example = "key: order_id",
        },
        new("mode", new WordShape(["upsert", "update", "mirror", "append"]))
        {
            Doc = "upsert (the default) adds and updates; update changes only people who are there; mirror also removes what is no longer in the "
                + "source; append sends the row of each key once, as events are.",
            Example = "mode: mirror",
        },
    ];

    private static IEnumerable<Setting> Values =>
    [
        new("map", Named(Column))
        {
            Doc = "Which attribute a column becomes, @timestamp and the like for values of the target, or - to leave it out.",
            Example = "map: {user_id: id}",
        },
        new("set", Named(Text)) { Doc = "Values that are the same for all rows, such as the name of events.", Example = "set: {name: purchase}" },
        new("types", Named(new WordShape(["text", "number", "boolean", "time", "json"])))
        {
            Doc = "What columns hold, where their values do not tell.",
            Example = "types: {signed_up: time}",
        },
        new("time_format", Text)
        {
            Doc = "How times in text are written; ISO 8601 or unix seconds by default.",
            Example = "time_format: \"%d/%m/%Y %H:%M\"",
        },
        new("nulls", new WordShape(["skip", "clear"]))
        {
            Doc = "What a column without a value does: nothing (skip, the default), or take the attribute away (clear).",
            Example = "nulls: clear",
        },
    ];

    private static IEnumerable<Setting> Rules =>
    [
        new("max_deletes", new TextShape { Pattern = "^[0-9]+(\\.[0-9]+)?%$|^[0-9]+$" })
        {
            Doc = "How much a mirror may remove without being asked: rows, or a part of those pushed before; 10% by default.",
            Example = "max_deletes: 5%",
        },
        .. PipelineKeys.AfterTables.Where(key => key.Name == "schedule").Select(key => key with
        {
            Doc = "When 'sluice serve' pushes: daily, manual, a cron expression (UTC), or a mapping; 'sluice push' pushes at once.",
        }),
    ];

    private static NamedShape Named(ValueShape value) => new("column", "^[^=]+$", "a name without =", value);
}
