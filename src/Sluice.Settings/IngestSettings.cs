using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Masking;
using Sluice.Engine.Runs;
using Sluice.Settings.Pipelines;
using Sluice.Settings.Pipelines.Shapes;
using static Sluice.Settings.SettingScope;

namespace Sluice.Settings;

/// <summary>
/// Every setting of an ingest, once: those of the command line have a help, those of the pipeline file a scope, in the order in which the file's
/// documentation has them. A new one is an entry here, a property of <see cref="TableSettings"/> or <see cref="IngestRequest"/>, and its effect.
/// </summary>
public static class IngestSettings
{
    // Help begins with what is said most often; what is not named here follows in the order of the settings.
    private static readonly string[] HelpOrder =
    [
        "--source-table", "--dest-table", "--dest-schema", "--incremental-strategy", "--incremental-key", "--primary-key", "--columns",
        "--exclude-columns", "--where", "--table-prefix", "--rename", "--flatten", "--archive", "--history", "--timezone", "--option",
        "--schema-contract",
        "--full-refresh", "--limit", "--interval-start", "--interval-end", "--lookback", "--cutoff-days", "--keep-spool", "--deletes",
        "--allow-partial", "--models", "--mask", "--unmask",
    ];

    /// <summary>The tables that are read.</summary>
    public static readonly SettingKey SourceTable = new("tables", "--source-table");

    /// <summary>The schema of the destination tables.</summary>
    public static readonly SettingKey Schema = new("schema", "--dest-schema");

    /// <summary>Columns and how they are hidden.</summary>
    public static readonly SettingKey Mask = SettingKey.Of("mask");

    /// <summary>The salt of hashed columns.</summary>
    public static readonly SettingKey MaskSalt = new("mask_salt", "SLUICE_MASK_SALT");

    /// <summary>Columns to keep and types to change; the file's <c>columns</c> says more and becomes words of several options.</summary>
    public static readonly SettingKey Columns = SettingKey.Of("columns");

    /// <summary>Columns to leave out.</summary>
    public static readonly SettingKey ExcludeColumns = new("columns", "--exclude-columns");

    /// <summary>Members of an object that become columns.</summary>
    public static readonly SettingKey Flatten = SettingKey.Of("flatten");

    /// <summary>Whether models are made.</summary>
    public static readonly SettingKey Models = SettingKey.Of("models");

    internal static readonly SettingKey Table = new("as", "--dest-table");
    internal static readonly SettingKey Strategy = new("mode", "--incremental-strategy");
    internal static readonly SettingKey IntervalStart = SettingKey.Of("interval_start");
    internal static readonly SettingKey IntervalEnd = SettingKey.Of("interval_end");
    internal static readonly SettingKey LookBack = new("look_back", "--lookback");
    internal static readonly SettingKey CutoffDays = SettingKey.Of("cutoff_days");
    internal static readonly SettingKey PrimaryKey = SettingKey.Of("primary_key");
    internal static readonly SettingKey IncrementalKey = SettingKey.Of("incremental_key");
    internal static readonly SettingKey Where = SettingKey.Of("where");
    internal static readonly SettingKey Options = new("options", "--option");
    internal static readonly SettingKey Rename = new("columns", "--rename");
    internal static readonly SettingKey Archive = SettingKey.Of("archive");
    internal static readonly SettingKey History = SettingKey.Of("history");
    internal static readonly SettingKey TimeZone = SettingKey.Of("timezone");

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Setting> All { get; } =
    [
        .. PipelineKeys.BeforeTables,
        new Setting<JobDraft>(
            SettingKey.Of("table_prefix"), Takes.Text((JobDraft draft, string text) => draft with { Prefix = text }, Takes.NamePattern))
        {
            Scope = Sync,
            Value = "TEXT",
            Help = "What the names of destination tables begin with, as cio_ for cio_campaigns",
            Doc = "What the names of all tables begin with.",
            Example = "table_prefix: cio_",
        },
        PipelineKeys.Combine,
        new Setting<JobDraft>(Table, Takes.Text<JobDraft>(DestinationName.ApplyTable, Takes.NamePattern))
        {
            Scope = SettingScope.Table,
            Value = "[SCHEMA.]TABLE",
            Help = "The destination table, if only one is read [default: the source table's name, x_metrics:days as x_metrics_days]",
            Doc = "The name of the destination table; the prefixes of the sync stand before it.",
            Example = "as: email_messages",
        },
        new Setting<JobDraft>(Schema, Takes.Text<JobDraft>(DestinationName.ApplySchema, Takes.NamePattern))
        {
            Scope = Sync | SettingScope.Table,
            Value = "SCHEMA",
            Help = "The schema of the destination tables [default: customerio]",
            Doc = "The schema of the tables; customerio by default.",
            Example = "schema: customerio",
        },
        new Setting<JobDraft>("mode", Takes.Word(LoadMode.Words, (JobDraft draft, LoadMode mode) => draft with { Mode = mode }))
        {
            Scope = Rule,
            Doc = "full_refresh reads everything and overwrites; incremental merges by key what is new; append only adds; merge, replace and " +
                "delete+insert are the strategies of ingest. By default each table has its own.",
            Example = "mode: incremental",
        },
        new Setting<JobDraft>(
            SettingKey.Of("full_refresh"),
            Takes.Switch((JobDraft draft, bool isOn) => draft.Set(settings => settings with { FullRefresh = isOn })))
        {
            Scope = Rule,
            Help = "Start over: read everything and replace the tables, whatever the strategy and whatever is remembered",
            Doc = "Starts over whatever the mode is and whatever is remembered.",
            Example = "full_refresh: true",
        },
        new Setting<JobDraft>(
            IntervalStart,
            Takes.Instant((JobDraft draft, DateTimeOffset start) =>
                draft.Set(settings => settings with { Interval = settings.Interval with { Start = start } })))
        {
            Scope = Rule,
            Value = "TIME",
            Help = "Only what was changed or created from this date or date-time on; UTC unless it says otherwise",
            Example = "interval_start: 2024-01-01",
        },
        new Setting<JobDraft>(
            IntervalEnd,
            Takes.Instant((JobDraft draft, DateTimeOffset end) =>
                draft.Set(settings => settings with { Interval = settings.Interval with { End = end } })))
        {
            Scope = Rule,
            Value = "TIME",
            Help = "... and up to this one; a date is its midnight",
            Example = "interval_end: 2024-02-01",
        },
        new Setting<JobDraft>(LookBack, Takes.Text<JobDraft>(LookBackText.Apply))
        {
            Scope = Rule,
            Value = "DURATION",
            Help = "How far behind its last end an incremental run reads deliveries again, because opens and clicks come late, 0d to 180d " +
                "[default: 30d, and 180d for metrics of campaigns]",
            Doc = "How far behind the last run deliveries are read again, up to 180d; 30d by default, and 180d for metrics of campaigns.",
            Example = "look_back: 90d",
        },
        new Setting<JobDraft>(
            CutoffDays,
            Takes.Number(new NumberShape(0, LookBackText.MostDays), (JobDraft draft, double days) =>
                draft.Set(settings => settings with { LookBack = TimeSpan.FromDays(days) })))
        {
            Scope = Rule,
            Value = "DAYS",
            Help = "The same in days, as other tools call it",
            Doc = "The same in days.",
            Example = "cutoff_days: 30",
        },
        new Setting<JobDraft>(
            SettingKey.Of("limit"),
            Takes.Number(new NumberShape(1, long.MaxValue), (JobDraft draft, double rows) =>
                draft.Set(settings => settings with { Limit = (long)rows })))
        {
            Scope = Rule,
            Value = "ROWS",
            Help = "Rows for each table after which no more is read",
            Example = "limit: 1000",
        },
        new Setting<JobDraft>(
            SettingKey.Of("indexes"),
            Takes.Switch((JobDraft draft, bool isOn) => draft.Set(settings => settings with { Indexes = isOn })))
        {
            Scope = Rule,
            Help = "In PostgreSQL, give each table an index on cio_id, on the keys of its parents and on the time of creation",
            Doc = "Of PostgreSQL: an index on cio_id, on the keys of a table's parents and on created, beside the one on its key.",
            Example = "indexes: true",
        },
        new Setting<JobDraft>(
            SettingKey.Of("schema_contract"),
            Takes.Word(Takes.Words<SchemaContract>(), (JobDraft draft, SchemaContract contract) =>
                draft.Set(settings => settings with { Contract = contract })))
        {
            Scope = Rule,
            Help = "New fields become columns (evolve), go into one JSON column _extra (json), or fail the table (freeze) [default: evolve]",
            Doc = "New fields become columns (evolve, the default), go into one JSON column (json), or fail the table (freeze).",
            Example = "schema_contract: evolve",
        },
        new Setting<JobDraft>(
            SettingKey.Of("deletes"),
            Takes.Word(Takes.Words<DeletePolicy>(), (JobDraft draft, DeletePolicy policy) =>
                draft.Set(settings => settings with { Deletes = policy })))
        {
            Scope = Rule,
            Help = "Rows that a whole listing no longer has get the time in _sluice_deleted_at, are removed, or stay as they are [default: soft]",
            Doc = "What becomes of rows that a whole listing no longer has: soft (marked, the default), hard (removed) or ignore.",
            Example = "deletes: soft",
        },
        new Setting<JobDraft>("observations", Takes.Switch((JobDraft draft, bool isOn) => draft with { Observes = isOn }))
        {
            Scope = Rule,
            Doc = "Whether each whole reading of campaigns, segment_memberships and customer_subscription_preferences is appended to " +
                "campaign_states, segment_sizes and topic_sizes, without a further request; true by default.",
            Example = "observations: false",
        },
        new Setting<JobDraft>(Mask, Takes.List<JobDraft>(MaskText.Apply))
        {
            Scope = Rule,
            Value = "COLUMN:sha256|redact|partial",
            Help = "Hide a column's values before they are stored anywhere, repeated or with commas; name? where records may lack it; " +
                "sha256 keeps equal values equal and takes its salt from SLUICE_MASK_SALT",
            Doc = "Columns to hide before they are stored anywhere, as name:sha256, name:redact or name:partial; a table's own are added to those " +
                "of the sync. A name that neither the catalog nor the destination has is a mistake, unless it is written name?:redact.",
            Example = "mask: [email:sha256, attributes.phone:redact]",
        },
        new Setting<JobDraft>(SettingKey.Of("unmask"), Takes.List<JobDraft>((draft, said) =>
            draft.Naming(GivenName.Required(said, NameKind.Field)).Set(settings => settings with
            {
                Unmask = [.. settings.Unmask, .. said.List.Select(GivenName.Of)],
            })))
        {
            Scope = Rule,
            Value = "COLUMN",
            Help = "Store a column from now on in clear, or with another mask or salt, although the destination has it masked; without this such " +
                "a run stops. Repeated or with commas",
            Doc = "Columns to store from now on in clear, or with another mask or salt, although the destination has them masked; without this " +
                "such a run stops.",
            Example = "unmask: [phone]",
        },
        .. TableOnlySettings.OfFile,
        PipelineKeys.PartitionBy,
        new Setting<JobDraft>(MaskSalt, Takes.Text((JobDraft draft, string salt) => draft with { Salt = new MaskSalt(salt) }))
        {
            Scope = Sync,
            IsSecret = true,
            Variable = "SLUICE_MASK_SALT",
            Doc = "The salt of columns masked by sha256; SLUICE_MASK_SALT by default.",
            Example = "mask_salt: ${SLUICE_MASK_SALT}",
        },
        new Setting<JobDraft>(
            SettingKey.Of("allow_partial"),
            Takes.Switch((JobDraft draft, bool isOn) => draft.Run(request => request with { AllowPartial = isOn })))
        {
            Scope = Sync,
            Help = "End with 0 although named rows are missing, and take an empty list for true",
            Doc = "Ends with 0 although named rows are missing, and takes an empty list for true.",
            Example = "allow_partial: true",
        },
        new Setting<JobDraft>(
            Models, Takes.Switch((JobDraft draft, bool isOn) => draft.Run(request => request with { Models = isOn })))
        {
            Scope = Sync,
            Help = "Make the models after the tables: views that answer questions without joins and JSON, in the schema SCHEMA_models",
            Doc = "Makes the models after the tables, views that answer questions; as the destination says by default.",
            Example = "models: true",
        },
        new Setting<JobDraft>(
            SettingKey.Of("keep_spool"), Takes.Switch((JobDraft draft, bool isOn) => draft.Run(request => request with { KeepSpool = isOn })))
        {
            Scope = Sync,
            Help = "Keep the pages of Customer.io in the work folder, below kept/, for looking at them",
            Doc = "Keeps the pages after the commit, for debugging.",
            Example = "keep_spool: true",
        },
        .. PipelineKeys.AfterTables,
        .. TableOnlySettings.OfCommand,
    ];

    /// <summary>Those that are options of ingest, or come from a variable instead, in the order of the help.</summary>
    public static IReadOnlyList<Setting> OfCommand { get; } =
    [
        .. All.Where(setting => setting.Help is not null || setting.Variable is not null)
            .OrderBy(setting => Array.IndexOf(HelpOrder, setting.Key.OnCommandLine) is var place && place < 0 ? HelpOrder.Length : place),
    ];
}
