using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings.Pipelines;
using Sluice.Settings.Pipelines.Shapes;
using static Sluice.Settings.IngestSettings;

namespace Sluice.Settings;

/// <summary>The settings of single tables, and those that only commands have; a part of <see cref="IngestSettings"/>.</summary>
internal static class TableOnlySettings
{
    /// <summary>What stands below a table in the pipeline file, behind what a sync can say, too.</summary>
    public static IReadOnlyList<Setting> OfFile { get; } =
    [
        new Setting<JobDraft>(PrimaryKey, Takes.List<JobDraft>((draft, said) =>
            draft.Naming(GivenName.Required(said, NameKind.Column)) with { PrimaryKey = [.. said.List.Select(GivenName.Of)] }))
        {
            Scope = SettingScope.Table,
            Value = "COLUMN",
            Help = "The columns that identify a row, repeated or with commas [default: the table's own]",
            Doc = "The columns that identify a row.",
            Example = "primary_key: [id]",
        },
        new Setting<JobDraft>(IncrementalKey, Takes.Text<JobDraft>((draft, said) => said.Text is { } column
            ? draft.Naming(GivenName.Required(said, NameKind.Column)) with { IncrementalKey = GivenName.Of(column) }
            : draft))
        {
            Scope = SettingScope.Table,
            Value = "COLUMN",
            Help = "The column by which changed rows are known [default: the table's own]",
            Doc = "The column by which changed rows are known.",
            Example = "incremental_key: updated",
        },
        new Setting<JobDraft>(Where, Takes.Text((JobDraft draft, string condition) => draft with { Where = condition }))
        {
            Scope = SettingScope.Table,
            Value = "CONDITION",
            Help = "Ask fewer parents, as \"campaign_id in (1, 2)\", \"campaigns.created >= 2026-01-01\" or \"cio_id in ('a1', 'a2')\"; several " +
                "with and",
            Doc = "Which parents are asked, by columns that lead to the table; several conditions with and. The plan tells how many requests it " +
                "saves.",
            Example = "where: campaign_id in (1, 2)",
        },
        new Setting<JobDraft>(Options, Takes.List<JobDraft>(OptionWords.Apply))
        {
            Scope = SettingScope.Table,
            Shape = new NamedShape("option", "^[a-z_]+$", "small letters and _", new AnythingShape()) { MayBeEmpty = true },
            Words = TableWords.OfOptions,
            Value = "[TABLE.]NAME=VALUE",
            Help = "How tables are asked for, repeated, as messages.type=email,push; 'sluice tables TABLE' lists what a table takes",
            Doc = "How the table is asked for: 'sluice tables NAME' lists what it takes.",
            Example = "options: {type: [email, push]}",
        },
        new("columns", new NamedShape(
            "column",
            PipelineKeys.ColumnPattern,
            "no comma, colon and equals sign",
            new EitherShape(new WordShape([TableWords.Drop, .. ColumnChoice.TypeWords]), new SectionShape(PipelineKeys.Column))))
        {
            Scope = SettingScope.Table | SettingScope.Pages,
            Words = TableWords.OfColumns,
            Doc = "Columns to rename, retype, mask or drop; name? for one that records may lack, for otherwise an unknown name is a mistake.",
            Example = "columns: {created: {rename: created_at}, subject: drop}",
        },
        new("only", new ListShape(new TextShape { Pattern = PipelineKeys.ColumnPattern }))
        {
            Scope = SettingScope.Table,
            Words = value => Section.Items(value).Select(item => (Columns, item.Value!)),
            Doc = "The columns to keep, name? for one that records may lack; keys are kept in any case.",
            Example = "only: [id, created]",
        },
        new Setting<JobDraft>(Flatten, Takes.List<JobDraft>((draft, said) =>
            draft.Naming(GivenName.Required(said, NameKind.Member)) with { Flatten = [.. said.List.Select(GivenName.Of)] }))
        {
            Scope = SettingScope.Table,
            Value = "all|NAMES",
            Help =
                "Members that become columns beside their object. metrics: the times of deliveries, as opened_at; all, or names, repeated or with " +
                "commas: attributes of customer_attributes, data of activities, single metrics",
            Doc = "Members that become columns beside their object, all or by name. Of deliveries metrics (or all): sent_at, opened_at and the " +
                "other times. Of activities and people: members of data, or of attributes; data_plan for plan in data.",
            Example = "flatten: metrics",
        },
        new("attributes", new SectionShape(PipelineKeys.Attributes))
        {
            Scope = SettingScope.Table,
            Words = value => value is Pipelines.Yaml.YamlMap map ? new Section(map).Texts("flatten").Select(name => (Flatten, name)) : [],
            Doc = "Of people: attributes as columns of their own.",
            Example = "attributes: {flatten: all}",
        },
        new Setting<JobDraft>(Archive, Takes.Switch((JobDraft draft, bool isOn) => draft with { IsArchive = isOn }))
        {
            Scope = SettingScope.Table,
            Help = "Keep metrics as a history: rows are kept by the time their step began and updated, not replaced",
            Doc = "Of metrics: keeps every step by its time, so that what leaves the API's window stays.",
            Example = "archive: true",
        },
        new Setting<JobDraft>(History, Takes.Switch((JobDraft draft, bool isOn) => draft with { KeepsVersions = isOn }))
        {
            Scope = SettingScope.Table,
            Help = "Keep the versions that rows have had, in TABLE_history with valid_from and valid_to; for tables that are merged or replaced " +
                "by a key",
            Doc = "Keeps the versions that rows have had, in a table with the ending _history that has valid_from and valid_to: a row for each " +
                "state, NULL in valid_to for the one that holds. In every database, not in files.",
            Example = "history: true",
        },
        new Setting<JobDraft>(IngestSettings.TimeZone, Takes.Text<JobDraft>((draft, said) =>
            said.Text is { } text && TimeZoneText.Read(said.Key, text, said.Mistakes) is { } zone ? draft with { TimeZone = zone } : draft))
        {
            Scope = SettingScope.Sync | SettingScope.Table,
            Value = "ZONE",
            Help = "The zone in which the days, weeks and months of campaign_metrics and campaign_action_metrics start, as Europe/Berlin; other " +
                "metrics can't be asked for in a zone [default: America/Panama, UTC-5 all year]",
            Doc = "The zone in which the days, weeks and months of campaign metrics start, by its IANA name; UTC-5 all year by default, as for " +
                "the other metrics always.",
            Example = "timezone: Europe/Berlin",
        },
    ];

    /// <summary>What the pipeline file says in another way.</summary>
    public static IReadOnlyList<Setting> OfCommand { get; } =
    [
        new Setting<JobDraft>(
            SourceTable,
            Takes.Text<JobDraft>((draft, said) => draft with { Tables = TableList.Read(said.Text, said.Mistakes) }))
        {
            Value = "TABLES",
            Help = "A table, several with commas, 'all' (metrics by days, each delivery once, as messages), or 'default' (lists and deliveries, " +
                "few requests); 'sluice tables' lists them [default: default]",
        },
        new Setting<JobDraft>(Strategy, Takes.Word(LoadMode.Strategies, (JobDraft draft, LoadMode mode) => draft with { Mode = mode }))
        {
            Help = "What is done with rows that are there [default: the table's own]",
        },
        new Setting<JobDraft>(
            Columns, Takes.List<JobDraft>((draft, said) => draft.Naming(GivenName.Required(said, NameKind.Column, word => word.Split(':')[0])) with
            {
                Columns = draft.Columns.Keeping(said),
            }))
        {
            Value = "NAME[:TYPE]",
            Help = "name:type sets a column's type (bigint, double, boolean, text, timestamp, json); a name without a type makes the list a choice " +
                "of the columns to keep; name? for one that records may lack",
        },
        new Setting<JobDraft>(SettingKey.Of("no_observations"), Takes.Switch((JobDraft draft, bool isOn) => draft with { Observes = !isOn }))
        {
            Help = "Don't append to campaign_states, segment_sizes and topic_sizes what whole readings of campaigns, segment_memberships and " +
                "customer_subscription_preferences show",
        },
        new Setting<JobDraft>(
            ExcludeColumns, Takes.List<JobDraft>((draft, said) =>
                draft.Naming(GivenName.Required(said, NameKind.Column)) with { Columns = draft.Columns.LeavingOut(said) }))
        {
            Value = "COLUMN",
            Help = "Columns to leave out, repeated or with commas; name? for one that records may lack",
        },
        new Setting<JobDraft>(Rename, Takes.List<JobDraft>((draft, said) =>
            draft.Naming(GivenName.Required(said, NameKind.Column, word => word.Split('=')[0])) with
            {
                Renames = Renaming.Read(said),
            }))
        {
            Value = "OLD=NEW",
            Help = "Other names for columns, repeated or with commas, as created=created_at",
        },
    ];
}
