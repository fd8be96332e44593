using System.CommandLine;
using Sluice.Engine;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary>What is read, and how it is written.</summary>
internal sealed class TableOptions
{
    private readonly Option<string?> _sourceTable = Flag.Text(
        "--source-table",
        "TABLES",
        "A table, several with commas, 'all' (metrics by days), or 'default' (lists and deliveries, few requests); 'sluice tables' lists them " +
            "[default: default]"
    );

    private readonly Option<string?> _destTable = Flag.Text(
        "--dest-table",
        "[SCHEMA.]TABLE",
        "The destination table, if only one is read [default: the source table's name, x_metrics:days as x_metrics_days]");

    private readonly Option<string?> _destSchema = Flag.Text("--dest-schema", "SCHEMA", "The schema of the destination tables [default: customerio]");

    private readonly Option<string?> _strategy = Flag.Text(
        "--incremental-strategy", "replace|merge|append|delete+insert", "What is done with rows that are there [default: the table's own]");

    private readonly Option<string?> _incrementalKey = Flag.Text(
        "--incremental-key", "COLUMN", "The column by which changed rows are known [default: the table's own]");

    private readonly Option<string[]> _primaryKey = Flag.Several(
        "--primary-key", "COLUMN", "The columns that identify a row, repeated or with commas [default: the table's own]");

    private readonly Option<string[]> _columns = Flag.Several(
        "--columns",
        "NAME[:TYPE]",
        "name:type sets a column's type (bigint, double, boolean, text, timestamp, json); a name without a type makes the list a choice of the " +
            "columns to keep"
    );

    private readonly Option<string[]> _exclude = Flag.Several("--exclude-columns", "COLUMN", "Columns to leave out, repeated or with commas");

    private readonly Option<string?> _contract = Flag.Text(
        "--schema-contract",
        "evolve|json|freeze",
        "New fields become columns (evolve), go into one JSON column _extra (json), or fail the table (freeze) [default: evolve]");

    private readonly Option<string?> _where = Flag.Text(
        "--where",
        "CONDITION",
        "Ask fewer parents, as \"campaign_id in (1, 2)\", \"campaigns.created >= 2026-01-01\" or \"cio_id in ('a1', 'a2')\"; several with and");

    private readonly Option<string?> _prefix = Flag.Text(
        "--table-prefix", "TEXT", "What the names of destination tables begin with, as cio_ for cio_campaigns");

    private readonly Option<string[]> _renames = Flag.Several(
        "--rename", "OLD=NEW", "Other names for columns, repeated or with commas, as created=created_at");

    private readonly Option<string[]> _flatten = Flag.Several(
        "--flatten",
        "all|NAMES",
        "Members that become columns: attributes of customer_attributes, data of activities; all, or their names, repeated or with commas");

    private readonly Option<bool> _archive = Flag.Switch(
        "--archive", "Keep metrics as a history: rows are kept by the time their step began and updated, not replaced");

    private readonly Option<string[]> _options = Flag.Several(
        "--option",
        "[TABLE.]NAME=VALUE",
        "How tables are asked for, repeated, as messages.type=email,push; 'sluice tables TABLE' lists what a table takes");

    private readonly Option<bool> _fullRefresh = Flag.Switch(
        "--full-refresh", "Start over: read everything and replace the tables, whatever the strategy and whatever is remembered");

    private readonly Option<string?> _limit = Flag.Text("--limit", "ROWS", "Rows for each table after which no more is read");

    public void AddTo(Command command)
    {
        foreach (
            Option option in new Option[]
            {
                _sourceTable,
                _destTable,
                _destSchema,
                _strategy,
                _incrementalKey,
                _primaryKey,
                _columns,
                _exclude,
                _where,
                _prefix,
                _renames,
                _flatten,
                _archive,
                _options,
                _contract,
                _fullRefresh,
                _limit,
            })
        {
            command.Add(option);
        }
    }

    public IngestSettings Read(Flags flags, string workFolder, ValidationErrors mistakes) => new()
    {
        SourceTable = flags.Text(_sourceTable),
        DestTable = flags.Text(_destTable),
        DestSchema = flags.Text(_destSchema),
        Strategy = flags.Text(_strategy),
        IncrementalKey = flags.Text(_incrementalKey),
        PrimaryKey = flags.List(_primaryKey),
        Columns = flags.List(_columns),
        ExcludeColumns = flags.List(_exclude),
        Where = flags.Text(_where),
        TablePrefix = flags.Text(_prefix),
        Renames = flags.List(_renames),
        Flatten = flags.List(_flatten),
        Archive = flags.IsOn(_archive),
        Options = OptionWords.Read(flags.List(_options), mistakes),
        SchemaContract = flags.Text(_contract),
        FullRefresh = flags.IsOn(_fullRefresh),
        Limit = flags.Text(_limit),
        WorkFolder = workFolder,
    };
}
