namespace Sluice.Destinations.Models.Definitions;

/// <summary>
/// The tables of deliveries that are there, as one: of a delivery that several have, the row that was written last counts, for it knows the latest
/// opens and clicks.
/// </summary>
internal static class DeliverySources
{
    public const string Copy = "copy_number";

    private const string Metrics = "metrics";
    private const string Loaded = "loaded_at";
    private const string Rank = "source_rank";

    public static IReadOnlyList<string> Tables { get; } =
        ["messages", "customer_messages", "campaign_messages", "broadcast_messages", "newsletter_messages", "transactional_deliveries"];

    private static readonly IReadOnlyList<Field> Fields =
    [
        Plain(ModelScope.Workspace), Plain("id"), Plain("type"), Plain("customer_id"), Plain("cio_id"), Plain("recipient"), Plain("subject"),
        Plain("created", ModelType.Time), Plain("failure_message"), Plain("campaign_id", ModelType.Integer),
        Plain("broadcast_id", ModelType.Integer), Plain("newsletter_id", ModelType.Integer), Plain("transactional_id", ModelType.Integer),
        Plain("action_id", ModelType.Integer), Plain("parent_action_id", ModelType.Integer), Plain("content_id", ModelType.Integer),
        new(Loaded, ModelType.Time, scope => scope.Knows("m._sluice_loaded_at") ? scope["m._sluice_loaded_at"] : null),
        .. DeliveriesModel.Metrics.Select(metric => new Field($"{metric.Metric}_at", ModelType.Time, scope => TimeOf(scope, metric.Metric))),
        Human("human_opened"), Human("human_clicked"),
    ];

    /// <summary>All rows of all tables, by the alias <c>d</c>, with the number that is 1 for the row that counts.</summary>
    public static string From(ModelScope scope)
    {
        var tables = Tables.Where(scope.Has).ToList();
        var read = tables.ConvertAll(table => Read(scope, table));
        var has = Fields.Where(field => read.Exists(one => one.ContainsKey(field.Name))).ToList();
        var rows = tables.Select((_, rank) => $"SELECT {string.Join(", ", has.Select(field => Value(scope, field, read[rank])))}, "
            + $"{rank} AS {Rank} FROM {scope.Find(tables[rank]).From} m");
        var key = string.Join(
            ", ", new[] { ModelScope.Workspace, "id" }.Where(name => has.Exists(field => field.Name == name)).Select(name => $"u.{name}"));
        var newest = has.Exists(field => field.Name == Loaded) ? $"u.{Loaded} DESC, u.{Rank}" : $"u.{Rank}";
        var columns = has.Select(field => $"u.{field.Name} AS {field.Name}")
            .Append($"row_number() OVER (PARTITION BY {key} ORDER BY {newest}) AS {Copy}");
        var hasTransactional = has.Exists(field => field.Name == "transactional_id");
        if (hasTransactional)
        {
            // The list of all deliveries does not say which transactional message sent one, the message's own list does.
            columns = columns.Append($"max(u.transactional_id) OVER (PARTITION BY {key}) AS transactional_of");
        }

        var query = $"SELECT {string.Join(", ", columns)}\nFROM (\n{string.Join("\nUNION ALL\n", rows)}\n) u";
        return scope.TakeQuery(
            "d",
            string.Join(" and ", tables),
            query,
            has.Select(field => field.Name).Concat(hasTransactional ? ["transactional_of"] : []),
            tables.SelectMany(table => scope.Find(table).Unfit),
            Absent(string.Join(" and ", tables)));
    }

    private static Dictionary<string, string> Absent(string tables) =>
        DeliveriesModel.Metrics.Select(metric => $"{metric.Metric}_at").Concat(["is_human_opened", "is_human_clicked"])
            .Select(column => KeyValuePair.Create(column, $"{tables} has no column {Metrics}"))
            .Append(KeyValuePair.Create("transactional_of", "transactional_deliveries is not there"))
            .ToDictionary(StringComparer.Ordinal);

    private static Dictionary<string, string> Read(ModelScope scope, string table)
    {
        _ = scope.Take("m", table);
        return Fields.Select(field => (field.Name, Sql: field.Sql(scope))).Where(field => field.Sql is not null)
            .ToDictionary(field => field.Name, field => field.Sql!, StringComparer.Ordinal);
    }

    private static string Value(ModelScope scope, Field field, Dictionary<string, string> read) =>
        $"{(read.TryGetValue(field.Name, out var sql) ? sql : scope.Sql.Null(field.Type))} AS {field.Name}";

    private static Field Plain(string name, ModelType type = ModelType.Text) =>
        new(name, type, scope => scope.Knows($"m.{name}") ? scope[$"m.{name}"] : null);

    // Rows that were read before the table had typed columns have NULL there: what the object says fills in.
    private static string? TimeOf(ModelScope scope, string metric)
    {
        var typed = scope.IsTime($"m.{metric}_at") ? scope[$"m.{metric}_at"] : null;
        var told = scope.Knows($"m.{Metrics}") ? scope.Sql.Instant(scope.Sql.Whole(scope[$"m.{Metrics}"], metric)) : null;
        return typed is not null && told is not null ? $"coalesce({typed}, {told})" : typed ?? told;
    }

    // Described as a count, seen as a time: it has happened if it is neither absent nor 0.
    private static Field Human(string metric) => new($"is_{metric}", ModelType.Boolean, scope =>
    {
        var typed = scope.IsTime($"m.{metric}_at") ? $"{scope[$"m.{metric}_at"]} IS NOT NULL" : null;
        var told = scope.Knows($"m.{Metrics}") ? $"coalesce({scope.Sql.Whole(scope[$"m.{Metrics}"], metric)}, 0) > 0" : null;
        return (typed, told) switch
        {
            (null, null) => null,
            (not null, not null) => scope.Sql.Cast($"({typed} OR {told})", ModelType.Boolean),
            _ => scope.Sql.Cast($"({typed ?? told})", ModelType.Boolean),
        };
    });

    /// <summary>A column of all the tables.</summary>
    private sealed record Field(string Name, ModelType Type, Func<ModelScope, string?> Sql);
}
