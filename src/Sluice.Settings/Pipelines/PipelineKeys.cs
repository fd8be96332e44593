using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Shapes;

namespace Sluice.Settings.Pipelines;

/// <summary>
/// The keys of the pipeline file, section by section: the reader checks by them, the schema is made from them, and the documentation is tested
/// against them. What is said about an ingest is in <see cref="IngestSettings"/>, and of a workspace in <see cref="WorkspaceSettings"/>.
/// </summary>
internal static class PipelineKeys
{
    /// <summary>What a column's name may not hold, because lists of columns are written with it.</summary>
    public const string ColumnPattern = "^[^,:=]+$";

    // What a name of the user's own may look like: it becomes a part of tables and schemas.
    private const string NamePattern = "^[A-Za-z0-9_-]+$";
    private const string NameLetters = "letters, digits, _ and -";

    private static readonly ValueShape Text = new TextShape();
    private static readonly ValueShape Texts = new ListShape(Text);

    /// <summary>How the tables of several workspaces go together.</summary>
    public static readonly Setting Combine = new("combine", new WordShape([.. Takes.Words<Combination>().Keys]))
    {
        Scope = SettingScope.Sync,
        Doc = "Several workspaces: union (the default) is one table with a column workspace, prefix a table for each (main_campaigns), schema " +
            "a schema for each.",
        Example = "combine: union",
    };

    /// <summary>Into which folders files are put.</summary>
    public static readonly Setting PartitionBy = new("partition_by", Texts)
    {
        Scope = SettingScope.Sync,
        Doc = "Of files: the columns of times by which rows are put into folders, with :day, :month or :year.",
        Example = "partition_by: created:month",
    };

    /// <summary>What a sync begins with.</summary>
    public static IEnumerable<Setting> BeforeTables =>
    [
        new("workspaces", Texts)
        {
            Scope = SettingScope.Sync,
            Doc = "The workspaces to read; all by default.",
            Example = "workspaces: [main, shop]",
        },
        new("destination", Text)
        {
            Scope = SettingScope.Sync,
            Doc = "Where to; needed when there are several destinations.",
            Example = "destination: warehouse",
        },
    ];

    /// <summary>What a sync ends with.</summary>
    public static IEnumerable<Setting> AfterTables =>
    [
        new("schedule", ScheduleKeys.Shape)
        {
            Scope = SettingScope.Sync,
            Doc = "When 'sluice serve' runs it: daily, manual, a cron expression (UTC), or a mapping; 'sluice run' runs at once.",
            Example = "schedule: {daily: \"06:00\", time_zone: America/Los_Angeles}",
        },
        new("tables", new ListShape(new TableShape()))
        {
            Scope = SettingScope.Sync,
            Doc = "What is read: names of tables, all (each delivery once, as messages), or default (the lists of the workspace and its " +
                "deliveries), which is the default.",
            Example = "tables: [campaigns, messages]",
        },
    ];

    public static IReadOnlyList<Setting> Sync => [.. IngestSettings.All.Where(setting => setting.Scope.HasFlag(SettingScope.Sync))];

    public static IReadOnlyList<Setting> Table => [.. IngestSettings.All.Where(setting => setting.Scope.HasFlag(SettingScope.Table))];

    public static IReadOnlyList<Setting> Destination =>
    [
        new("uri", Text)
        {
            IsRequired = true,
            IsSecret = true,
            Doc = "The address, as --dest-uri takes it.",
            Example = "uri: duckdb:///crm.duckdb",
        },
        new("schema", new TextShape { Pattern = Takes.NamePattern })
        {
            Doc = "The schema for syncs that name none; customerio by default.",
            Example = "schema: customerio",
        },
        new("models", new SwitchShape())
        {
            Doc = "Whether syncs make the models after their tables, views that answer questions; false by default.",
            Example = "models: true",
        },
    ];

    public static IReadOnlyList<Setting> TwoWay => [.. TwoWayKeys.Sides, .. TwoWayKeys.Rules];

    public static IReadOnlyList<Setting> Column =>
    [
        new("type", new WordShape(ColumnChoice.TypeWords)) { Doc = "The column's type instead of the catalog's.", Example = "type: timestamp" },
        new("rename", new TextShape { Pattern = ColumnPattern })
        {
            Doc = "The column's name in the destination.",
            Example = "rename: created_at",
        },
        new("mask", new WordShape([.. MaskText.Methods.Keys]))
        {
            Doc = "Hides the values before they are stored anywhere: sha256, redact or partial.",
            Example = "mask: sha256",
        },
        new(TableWords.Drop, new SwitchShape()) { Doc = "Leaves the column out.", Example = "drop: true" },
    ];

    public static IReadOnlyList<Setting> Attributes =>
    [
        new("flatten", Texts)
        {
            IsRequired = true,
            Doc = "The attributes that become columns, or all.",
            Example = "flatten: [plan, country]",
        },
    ];

    /// <summary>The whole file.</summary>
    public static SectionShape File =>
        new([
            new("version", new NumberShape(1, 1)) { IsRequired = true, Doc = "The version of this format.", Example = "version: 1" },
            new("workspaces", new NamedShape("workspace", NamePattern, NameLetters, Section(WorkspaceSettings.All)))
            {
                IsRequired = true,
                Doc = "The workspaces of Customer.io, by names that you choose.",
                Example = "workspaces: {main: {app_api_key: \"${CUSTOMERIO_APP_API_KEY}\"}}",
            },
            new("destinations", new NamedShape("destination", NamePattern, NameLetters, new EitherShape(Text, Section(Destination))))
            {
                Doc = "Where data goes, by names that you choose: an address, or a mapping with uri and schema.",
                Example = "destinations: {warehouse: \"duckdb:///crm.duckdb\"}",
            },
            new("syncs", new NamedShape("sync", NamePattern, NameLetters, Section(Sync)))
            {
                Doc = "What is read and how it is written, by names that you choose; 'sluice run' runs them in this order.",
                Example = "syncs: {daily: {tables: [campaigns]}}",
            },
            new("pushes", new NamedShape("push", NamePattern, NameLetters, Section(PushKeys.All)))
            {
                Doc = "What is written back into Customer.io, by names that you choose; 'sluice push NAME' does it.",
                Example = "pushes: {plans: {query: \"SELECT id, plan FROM accounts\", into: people}}",
            },
            new("two_way", new NamedShape("two-way synchronization", NamePattern, NameLetters, Section(TwoWay)))
            {
                Doc = "Tables that are kept the same as collections or snippets, by names that you choose; 'sluice two-way NAME' runs one.",
                Example = "two_way: {stock: {table: shop.stock, with: \"collection:stock\", key: [sku]}}",
            },
            new("notifications", new NamedShape("channel", NamePattern, NameLetters, NotificationKeys.Shape))
            {
                Doc = "Where 'sluice serve' tells that syncs and pushes fail, are late or have recovered, by names that you choose.",
                Example = "notifications: {team: {slack: \"${SLACK_WEBHOOK_URL}\"}}",
            },
        ])
        {
            Needed = [["syncs", "destinations"], ["pushes"], ["two_way", "destinations"]],
            Elsewhere = Elsewhere,
            TakesExtensions = true,
        };

    /// <summary>What one table takes.</summary>
    public static SectionShape Of(Resource resource) => Section(
    [
        .. Table.Where(key => TakesKey(resource, key.Name))
            .Select(key => key.Key == IngestSettings.Options
                ? key with { Shape = new OptionsShape(ResourceCatalog.Default.OptionsOf(resource)) }
                : key),
    ]);

    /// <summary>Whether a key makes sense for a table.</summary>
    public static bool TakesKey(Resource resource, string key) => key switch
    {
        "attributes" => resource.Flatten?.Field == "attributes",
        "flatten" => resource.Flatten is not null,
        "archive" => resource.TakesPeriod,
        "timezone" => resource.OptionOf(OptionKind.TimeZone) is not null,
        _ => true,
    };

    /// <summary>Whether a key is the user's own.</summary>
    public static bool IsExtension(string name) => name.StartsWith("x-", StringComparison.Ordinal);

    private static SectionShape Section(IReadOnlyList<Setting> keys) => new(keys) { Elsewhere = Elsewhere };

    private static string? Elsewhere(string name) => name switch
    {
        "attributes" => "attributes belongs to tables of people, such as customer_attributes.",
        "flatten" => "flatten belongs to tables of deliveries, activities and people, such as messages, activities and customer_attributes.",
        "archive" => "archive belongs to tables of metrics, such as campaign_metrics:days.",
        "timezone" => "timezone belongs into a sync or to campaign_metrics, campaign_action_metrics and campaign_action_language_metrics.",
        "table" or "source_table" => "Tables are listed below tables: in a sync.",
        "api_key" => "The key of a workspace is called app_api_key.",
        _ when IsIn(Table, name) && IsIn(Sync, name) => $"{name} belongs into a sync or a table.",
        _ when IsIn(Table, name) => $"{name} belongs below a table.",
        _ when IsIn(WorkspaceSettings.All, name) => $"{name} belongs into a workspace.",
        _ when IsIn(Sync, name) && name != "workspaces" => $"{name} belongs into a sync.",
        _ => null,
    };

    private static bool IsIn(IReadOnlyList<Setting> section, string name) => section.Any(setting => setting.Name == name);
}
