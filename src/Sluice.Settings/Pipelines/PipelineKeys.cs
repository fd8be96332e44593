using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Shapes;

namespace Sluice.Settings.Pipelines;

/// <summary>
/// Every key of the pipeline file, once: the reader checks by it, the schema is made from it, and the documentation is tested against it.
/// </summary>
internal static class PipelineKeys
{
    /// <summary>What a name of the user's own may look like: it becomes a part of tables and schemas.</summary>
    public const string NamePattern = "^[A-Za-z0-9_-]+$";

    private const string NameLetters = "letters, digits, _ and -";
    private const string TablePattern = "^[^/.;'\"\\\\]+$";
    private const string ColumnPattern = "^[^,:=]+$";

    private static readonly ValueShape Text = new TextShape();
    private static readonly ValueShape Texts = new ListShape(Text);
    private static readonly ValueShape Switch = new SwitchShape();

    public static IReadOnlyList<Key> Workspace { get; } =
    [
        new(
            "app_api_key",
            Text,
            "app_api_key: ${CUSTOMERIO_APP_API_KEY}",
            "The App API key of the workspace, by the name of the variable that holds it.")
        {
            IsRequired = true,
            IsSecret = true,
        },
        new("region", new WordShape(["us", "eu"]), "region: eu", "Where the account lives: us, the default, or eu."),
        new("site_id", Text, "site_id: ${CUSTOMERIO_SITE_ID}", "The site id of the Track API, if it is asked, too."),
        new("track_api_key", Text, "track_api_key: ${CUSTOMERIO_TRACK_API_KEY}", "The key of the Track API, with site_id.") { IsSecret = true },
        new("base_url", Text, "base_url: http://127.0.0.1:8181", "Another address of the App API, such as that of 'sluice simulate'."),
        new("track_base_url", Text, "track_base_url: http://127.0.0.1:8181", "Another address of the Track API."),
        new(
            "rate",
            new NumberShape(0.001, 10_000, isWhole: false),
            "rate: 5",
            "Requests a second for this workspace, 10 by default, which is all that Customer.io allows: less if other programs share it."),
    ];

    public static IReadOnlyList<Key> Destination { get; } =
    [
        new("uri", Text, "uri: duckdb:///crm.duckdb", "The address, as --dest-uri takes it.") { IsRequired = true, IsSecret = true },
        new("schema", new TextShape { Pattern = TablePattern }, "schema: customerio", "The schema for syncs that name none; customerio by default."),
    ];

    public static IReadOnlyList<Key> Schedule { get; } =
    [
        new("cron", new TextShape { Look = CronText.Check }, "cron: \"0 6 * * *\"", "Minute, hour, day of the month, month and day of the week.")
        {
            IsRequired = true,
        },
        new(
            "time_zone",
            new TextShape { Look = TimeZoneText.Check },
            "time_zone: America/Los_Angeles",
            "The time zone of cron by its IANA name; UTC by default."),
    ];

    public static IReadOnlyList<Key> Column { get; } =
    [
        new("type", new WordShape(ColumnChoice.TypeWords), "type: timestamp", "The column's type instead of the catalog's."),
        new("rename", new TextShape { Pattern = ColumnPattern }, "rename: created_at", "The column's name in the destination."),
        new("mask", new WordShape(MaskReader.Words), "mask: sha256", "Hides the values before they are stored anywhere: sha256, redact or partial."),
        new("drop", Switch, "drop: true", "Leaves the column out."),
    ];

    public static IReadOnlyList<Key> Attributes { get; } =
    [
        new("flatten", Texts, "flatten: [plan, country]", "The attributes that become columns, or all.") { IsRequired = true },
    ];

    // What a sync says for all of its tables and a table for itself.
    private static IReadOnlyList<Key> Rules { get; } =
    [
        new("schema", new TextShape { Pattern = TablePattern }, "schema: customerio", "The schema of the tables; customerio by default."),
        new(
            "mode",
            new WordShape(SyncMode.Words),
            "mode: incremental",
            "full_refresh reads everything and overwrites; incremental merges by key what is new; append only adds; merge, replace and " +
                "delete+insert are the strategies of ingest. By default each table has its own."
        ),
        new("full_refresh", Switch, "full_refresh: true", "Starts over whatever the mode is and whatever is remembered."),
        new(
            "interval_start",
            new TextShape { Look = Instant },
            "interval_start: 2024-01-01",
            "Only what was changed or created from this date or date-time on; UTC unless it says otherwise."),
        new("interval_end", new TextShape { Look = Instant }, "interval_end: 2024-02-01", "... and up to this one; a date is its midnight."),
        new(
            "look_back",
            new TextShape { Look = (name, text, mistakes) => DurationText.Read(name, text, mistakes) },
            "look_back: 90d",
            "How far behind the last run deliveries are read again, up to 180d; 30d by default."),
        new("cutoff_days", new NumberShape(0, 180), "cutoff_days: 30", "The same in days."),
        new("limit", new NumberShape(1, long.MaxValue), "limit: 1000", "Rows for each table after which no more is read."),
        new(
            "schema_contract",
            new WordShape(SchemaContractText.Words),
            "schema_contract: evolve",
            "New fields become columns (evolve, the default), go into one JSON column (json), or fail the table (freeze)."),
        new(
            "deletes",
            new WordShape(DeletePolicyText.WordList),
            "deletes: soft",
            "What becomes of rows that a whole listing no longer has: soft (marked, the default), hard (removed) or ignore."),
        new(
            "mask",
            new ListShape(new TextShape()),
            "mask: [email:sha256, phone:redact]",
            "Columns to hide before they are stored anywhere, as name:sha256, name:redact or name:partial; a table's own are added to those of " +
                "the sync."
        ),
    ];

    public static IReadOnlyList<Key> Table { get; } =
    [
        new(
            "as",
            new TextShape { Pattern = TablePattern },
            "as: email_messages",
            "The name of the destination table; the prefixes of the sync stand before it."),
        .. Rules,
        new("primary_key", Texts, "primary_key: [id]", "The columns that identify a row."),
        new("incremental_key", Text, "incremental_key: updated", "The column by which changed rows are known."),
        new(
            "where",
            Text,
            "where: campaign_id in (1, 2)",
            "Which parents are asked, by columns that lead to the table; several conditions with and. The plan tells how many requests it saves."),
        new(
            "options",
            new NamedShape("option", "^[a-z_]+$", "small letters and _", new AnythingShape()) { MayBeEmpty = true },
            "options: {type: [email, push]}",
            "How the table is asked for: 'sluice tables NAME' lists what it takes."),
        new(
            "columns",
            new NamedShape(
                "column",
                ColumnPattern,
                "no comma, colon and equals sign",
                new EitherShape(new WordShape(["drop", .. ColumnChoice.TypeWords]), new SectionShape(Column))),
            "columns: {created: {rename: created_at}, subject: drop}",
            "Columns to rename, retype, mask or drop."),
        new(
            "only",
            new ListShape(new TextShape { Pattern = ColumnPattern }),
            "only: [id, created]",
            "The columns to keep; keys are kept in any case."),
        new(
            "flatten",
            Texts,
            "flatten: all",
            "Of activities and people: the members of data, or of attributes, that become columns, or all; data_plan for plan in data."),
        new("attributes", new SectionShape(Attributes), "attributes: {flatten: all}", "Of people: attributes as columns of their own."),
        new("archive", Switch, "archive: true", "Of metrics: keeps every step by its time, so that what leaves the API's window stays."),
    ];

    /// <summary>The keys of a sync, with the tables that a catalog has.</summary>
    public static IReadOnlyList<Key> Sync(ResourceCatalog catalog) =>
        [
            new("workspaces", Texts, "workspaces: [main, shop]", "The workspaces to read; all by default."),
            new("destination", Text, "destination: warehouse", "Where to; needed when there are several destinations."),
            new("table_prefix", new TextShape { Pattern = TablePattern }, "table_prefix: cio_", "What the names of all tables begin with."),
            new(
                "combine",
                new WordShape(CombinationText.Words),
                "combine: union",
                "Several workspaces: union (the default) is one table with a column workspace, prefix a table for each (main_campaigns), schema " +
                    "a schema for each."
            ),
            .. Rules,
            new(
                "partition_by",
                Texts,
                "partition_by: created:month",
                "Of files: the columns of times by which rows are put into folders, with :day, :month or :year."),
            new("mask_salt", Text, "mask_salt: ${SLUICE_MASK_SALT}", "The salt of columns masked by sha256; SLUICE_MASK_SALT by default.")
            {
                IsSecret = true,
            },
            new("allow_partial", Switch, "allow_partial: true", "Ends with 0 although named rows are missing, and takes an empty list for true."),
            new("keep_spool", Switch, "keep_spool: true", "Keeps the pages after the commit, for debugging."),
            new(
                "schedule",
                new EitherShape(new TextShape { Look = CronText.Check }, new SectionShape(Schedule)),
                "schedule: {cron: \"0 6 * * *\", time_zone: UTC}",
                "When a scheduler is to run it. It is checked and kept; 'sluice run' runs at once."),
            new(
                "tables",
                new ListShape(new TableShape(catalog)),
                "tables: [campaigns, messages]",
                "What is read: names of tables, all, or default (the lists of the workspace and its deliveries), which is the default."),
        ];

    /// <summary>The whole file.</summary>
    public static SectionShape File(ResourceCatalog catalog) =>
        new([
            new("version", new NumberShape(1, 1), "version: 1", "The version of this format.") { IsRequired = true },
            new(
                "workspaces",
                new NamedShape("workspace", NamePattern, NameLetters, Section(Workspace)),
                "workspaces: {main: {app_api_key: \"${CUSTOMERIO_APP_API_KEY}\"}}",
                "The workspaces of Customer.io, by names that you choose.")
            {
                IsRequired = true,
            },
            new(
                "destinations",
                new NamedShape("destination", NamePattern, NameLetters, new EitherShape(Text, Section(Destination))),
                "destinations: {warehouse: \"duckdb:///crm.duckdb\"}",
                "Where data goes, by names that you choose: an address, or a mapping with uri and schema.")
            {
                IsRequired = true,
            },
            new(
                "syncs",
                new NamedShape("sync", NamePattern, NameLetters, Section(Sync(catalog))),
                "syncs: {daily: {tables: [campaigns]}}",
                "What is read and how it is written, by names that you choose; 'sluice run' runs them in this order.")
            {
                IsRequired = true,
            },
        ])
        {
            Elsewhere = Elsewhere,
            TakesExtensions = true,
        };

    /// <summary>What one table takes.</summary>
    public static SectionShape Of(Resource resource, ResourceCatalog catalog) =>
        new([
            .. Table
                .Where(key => Takes(resource, key.Name))
                .Select(key => key.Name == "options" ? key with { Shape = new OptionsShape(catalog.OptionsOf(resource)) } : key),
        ])
        {
            Elsewhere = Elsewhere,
        };

    /// <summary>Whether a key makes sense for a table.</summary>
    public static bool Takes(Resource resource, string key) => key switch
    {
        "attributes" => resource.Flatten?.Field == "attributes",
        "flatten" => resource.Flatten is not null,
        "archive" => resource.TakesPeriod,
        _ => true,
    };

    /// <summary>Whether a key is the user's own.</summary>
    public static bool IsExtension(string name) => name.StartsWith("x-", StringComparison.Ordinal);

    private static SectionShape Section(IReadOnlyList<Key> keys) => new(keys) { Elsewhere = Elsewhere };

    private static string? Elsewhere(string name) =>
        name switch
        {
            "attributes" => "attributes belongs to tables of people, such as customer_attributes.",
            "flatten" => "flatten belongs to tables of activities and people, such as activities and customer_attributes.",
            "archive" => "archive belongs to tables of metrics, such as campaign_metrics:days.",
            "table" or "source_table" => "Tables are listed below tables: in a sync.",
            "api_key" => "The key of a workspace is called app_api_key.",
            _ when Table.Any(key => key.Name == name) => Rules.Any(key => key.Name == name)
                ? $"{name} belongs into a sync or a table."
                : $"{name} belongs below a table.",
            _ when Workspace.Any(key => key.Name == name) => $"{name} belongs into a workspace.",
            _ when SyncNames().Contains(name, StringComparer.Ordinal) => $"{name} belongs into a sync.",
            _ => null,
        };

    private static IEnumerable<string> SyncNames() =>
        Sync(ResourceCatalog.Default).Select(key => key.Name).Except(["workspaces"], StringComparer.Ordinal);

    private static void Instant(string name, string text, ValidationErrors mistakes) => IntervalText.Instant(name, text, mistakes);
}
