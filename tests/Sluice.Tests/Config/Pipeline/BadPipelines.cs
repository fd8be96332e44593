using Xunit;

namespace Sluice.Tests.Config.Pipeline;

/// <summary>
/// Files with one mistake each: the text, its place, what is said, what to do, and whether the mistake is one of shape that an editor can see.
/// </summary>
internal static class BadPipelines
{
    private const string Sync = "~";

    /// <summary>A file, or the one sync in a good file: then the mistake is in line 5 or below.</summary>
    public static string Text(string yaml) =>
        yaml.StartsWith(Sync, StringComparison.Ordinal)
            ? $"{PipelineBench.Head}  a:\n    {yaml[Sync.Length..].Replace("\n", "\n    ", StringComparison.Ordinal)}\n"
            : yaml;

    /// <summary>Those that an editor can see.</summary>
    public static TheoryData<string> OfShape => [.. All.Where(row => row.Data.Item5).Select(row => row.Data.Item1)];

    /// <summary>All of them, with what is said.</summary>
    public static TheoryData<string, string, string, string> Told =>
        [.. All.Select(row => (row.Data.Item1, row.Data.Item2, row.Data.Item3, row.Data.Item4))];

    private static TheoryData<string, string, string, string, bool> All =>
        new()
        {
            { "", "1:1:", "The file is empty", "sluice init", true },
            { "# nothing yet\n", "1:1:", "The file is empty", "sluice init", true },
            { "- version", "1:1:", "A pipeline file is a mapping, but this is a list.", "version: 1", true },
            { "version: 1\nworkspaces: [}", "2:14:", "This is no YAML", "needs quotes", false },
            { "version: 1\n\tworkspaces: {}", "2:1:", "This is no YAML", "replace the tab", false },
            { "version: 1\nworkspaces: {m: {app_api_key: ${KEY}}}\n", "2:", "This is no YAML", "\"${NAME}\"", false },
            { PipelineBench.Head + "  a: {tables: campaigns}\n---\nversion: 1\n", "6:1:", "A second document", "'---'", false },
            {
                PipelineBench.Head + "  a: {tables: campaigns}\nversoin: 1\n",
                "6:1:",
                "There is no key 'versoin' in the file.",
                "Did you mean version?",
                true
            },
            {
                PipelineBench.Head + "  a: {tables: campaigns}\nversion: 1\n",
                "6:1:",
                "The key 'version' comes twice: it is in line 1, too.",
                "Keep one",
                false
            },
            {
                PipelineBench.Head.Replace("version: 1\n", "", StringComparison.Ordinal) + "  a: {tables: campaigns}\n",
                "1:1:",
                "The key version is missing",
                "version: 1",
                true
            },
            {
                PipelineBench.Head.Replace("version: 1\n", "version: v2\n", StringComparison.Ordinal) + "  a: {tables: campaigns}\n",
                "1:10:",
                "version must be 1, but is 'v2'",
                "version: 1",
                true
            },
            {
                "version: 1\ndestinations: {w: \"duckdb:///x.duckdb\"}\nsyncs: {}\nworkspaces: {m: {app_api_key: k}}\n",
                "3:8:",
                "syncs names no sync",
                "syncs:",
                true
            },
            {
                "version: 1\ndestinations: {w: \"duckdb:///x.duckdb\"}\nsyncs: {a: {tables: campaigns}}\nworkspaces: {m: {region: eu}}\n",
                "4:17:",
                "The key app_api_key is missing in the workspace m.",
                "${CUSTOMERIO_APP_API_KEY}",
                true
            },
            {
                "version: 1\ndestinations: {w: \"duckdb:///x.duckdb\"}\nsyncs: {a: {tables: campaigns}}\nworkspaces: {m: {app_api_key: }}\n",
                "4:31:",
                "app_api_key has no value.",
                "${CUSTOMERIO_APP_API_KEY}",
                true
            },
            {
                "version: 1\ndestinations: {w: \"duckdb:///x.duckdb\"}\nsyncs: {a: {tables: campaigns}}\nworkspaces: {m: {app_api_key: k, " +
                    "api_key: k}}\n",
                "4:34:",
                "There is no key 'api_key'",
                "app_api_key",
                true
            },
            {
                "version: 1\ndestinations: {w: \"duckdb:///x.duckdb\"}\nsyncs: {a: {tables: campaigns}}\nworkspaces: {m: {app_api_key: k, rate: " +
                    "0}}\n",
                "4:40:",
                "rate must be a number from 0.001 to 10000, but is '0'.",
                "rate: 5",
                true
            },
            {
                "version: 1\ndestinations: {w: \"duckdb:///x.duckdb\"}\nsyncs: {a: {tables: campaigns}}\nworkspaces: {m: {app_api_key: k, " +
                    "base_url: ftp://x}}\n",
                "4:44:",
                "base_url is no http address",
                "https://host",
                false
            },
            {
                "version: 1\ndestinations: {w: \"duckdb:///x.duckdb\"}\nsyncs: {a: {tables: campaigns}}\nworkspaces: {m: {app_api_key: k, " +
                    "site_id: s}}\n",
                "4:43:",
                "needs both site_id and track_api_key",
                "Give both",
                false
            },
            {
                "version: 1\ndestinations: {w: \"duckdb:///x.duckdb\"}\nsyncs: {a: {tables: campaigns}}\nworkspaces: {my shop: {app_api_key: k}}\n",
                "4:14:",
                "A workspace can't be called 'my shop'.",
                "letters, digits, _ and -",
                true
            },
            {
                "version: 1\ndestinations: {w: \"duckdb:///x.duckdb\"}\nsyncs: {a: {tables: campaigns}}\nworkspaces: {m: {app_api_key: k}, n: " +
                    "{app_api_key: k}}\n",
                "4:38:",
                "The workspaces m and n have the same key.",
                "one for each",
                false
            },
            {
                "version: 1\nworkspaces: {m: {app_api_key: k}}\nsyncs: {a: {tables: campaigns}}\ndestinations: {w: {schema: x}}\n",
                "4:19:",
                "The key uri is missing",
                "uri: duckdb",
                true
            },
            {
                "version: 1\nworkspaces: {m: {app_api_key: k}}\nsyncs: {a: {tables: campaigns}}\ndestinations: {w: [x]}\n",
                "4:19:",
                "the destination w must be text or a mapping, but is a list.",
                "destinations:",
                true
            },
            {
                "version: 1\nworkspaces: {m: {app_api_key: k}}\nsyncs: {a: {tables: campaigns}}\ndestinations: {w: crm.duckdb}\n",
                "4:19:",
                "it has no scheme",
                "duckdb://",
                false
            },
            {
                "version: 1\nworkspaces: {m: {app_api_key: k}}\nsyncs: {a: {tables: campaigns}}\ndestinations: {w: \"duckdb:///x\", v: " +
                    "\"duckdb:///y\"}\n",
                "3:12:",
                "The sync a does not say which destination",
                "one of w, v",
                false
            },
            { "~destination: v\ntables: campaigns", "6:18:", "There is no destination 'v'.", "Did you mean w?", false },
            { "~workspaces: [main, shoq]\ntables: campaigns", "6:24:", "There is no workspace 'shoq'.", "Did you mean shop?", false },
            { "~workspaces: main, shop\ntables: campaigns", "6:17:", "There is no workspace 'main, shop'.", "as a list: [main, shop]", false },
            { "~workspaces: [main, main]\ntables: campaigns", "6:24:", "named twice", "once", false },
            { "~workspaces: []\ntables: campaigns", "6:17:", "workspaces is an empty list.", "[main, shop]", true },
            { "~table_prefix: a.b\ntables: campaigns", "6:19:", "table_prefix can't be 'a.b'.", "cio_", true },
            { "~combine: all\ntables: campaigns", "6:14:", "combine can't be 'all'.", "union, prefix, schema", true },
            { "~mode: incremental_update\ntables: campaigns", "6:11:", "mode can't be 'incremental_update'.", "incremental", true },
            { "~mode: [append]\ntables: campaigns", "6:11:", "but is a list.", "mode: incremental", true },
            { "~mode: {a: b}\ntables: campaigns", "6:11:", "but is a mapping.", "mode: incremental", true },
            {
                "~mode: append\nschedule: {cron: \"0 6 * *\"}\ntables: campaigns",
                "7:22:",
                "cron has 4 fields instead of 5: '0 6 * *'.",
                "six every morning",
                false
            },
            { "~schedule: \"61 6 * * *\"\ntables: campaigns", "6:15:", "the minute can't be '61'", "0 6 * * *", false },
            { "~schedule: {time_zone: UTC}\ntables: campaigns", "6:15:", "The key cron is missing", "cron:", true },
            {
                "~schedule: {cron: \"0 6 * * *\", time_zone: Europe/Berlim}\ntables: campaigns",
                "6:46:",
                "no time zone 'Europe/Berlim'",
                "Europe/Berlin",
                false
            },
            {
                "~cutoff_days: 181\ntables: campaigns",
                "6:18:",
                "cutoff_days must be a whole number from 0 to 180, but is '181'.",
                "cutoff_days: 30",
                true
            },
            { "~cutoff_days: 1.5\ntables: campaigns", "6:18:", "but is '1.5'", "cutoff_days: 30", true },
            { "~look_back: 30\ntables: campaigns", "6:16:", "look_back is no length of time: '30'.", "30d", false },
            { "~look_back: 30d\ncutoff_days: 30\ntables: campaigns", "6:16:", "look_back and cutoff_days say the same thing", "one of them", false },
            { "~interval_start: soon\ntables: campaigns", "6:21:", "interval_start is no date: 'soon'.", "2024-01-31", false },
            {
                "~interval_start: 2024-02-01\ninterval_end: 2024-01-01\ntables: campaigns",
                "6:21:",
                "after its end",
                "Exchange interval_start and interval_end",
                false
            },
            { "~interval_start: 2024-02-01\ntables: [{campaigns: {interval_end: 2024-01-01}}]", "7:41:", "after its end", "Exchange", false },
            { "~deletes: harder\ntables: campaigns", "6:14:", "deletes can't be 'harder'.", "hard", true },
            { "~schema_contract: strict\ntables: campaigns", "6:22:", "schema_contract can't be 'strict'.", "evolve, json, freeze", true },
            { "~mask: email\ntables: campaigns", "6:11:", "mask does not say how email is masked.", "sha256", false },
            { "~partition_by: created\ntables: campaigns", "6:19:", "Only files can be partitioned", "parquet://", false },
            { "~limit: -1\ntables: campaigns", "6:12:", "limit must be a whole number of at least 1, but is '-1'.", "limit: 1000", true },
            { "~as: x\ntables: campaigns", "6:5:", "There is no key 'as' in the sync a.", "as belongs below a table.", true },
            { "~source_table: campaigns", "6:5:", "There is no key 'source_table'", "tables: in a sync", true },
            { "~tables: campaings", "6:13:", "There is no table 'campaings'.", "Did you mean campaigns", true },
            { "~tables: campaigns,messages", "6:13:", "There is no table", "[campaigns, messages]", true },
            { "~tables: campaign_metrics", "6:13:", "needs a period", "campaign_metrics:days", true },
            { "~tables: []", "6:13:", "tables is an empty list.", "[campaigns, messages]", true },
            { "~tables: {campaigns: {}}", "6:13:", "tables must be a list, but is a mapping.", "[campaigns, messages]", true },
            { "~tables:\n  - campaign_metrics: days", "7:9:", "A blank stands between campaign_metrics: and days.", "campaign_metrics:days", true },
            { "~tables:\n  - messages:", "7:9:", "Nothing stands behind messages:", "- messages", true },
            { "~tables:\n  - messages:\n    as: mails", "7:9:", "stand beside it instead of below it", "Indent as by two blanks", true },
            { "~tables:\n  - campaigns: {}\n    messages: {}", "7:9:", "several keys: campaigns, messages", "Begin each table", true },
            { "~tables:\n  - all: {mode: append}", "7:9:", "'all' stands for several tables", "name the table", true },
            { "~tables:\n  - [campaigns]", "7:9:", "but is a list.", "[campaigns, messages]", true },
            {
                "~tables: [campaigns, campaigns]",
                "6:25:",
                "campaigns would be written into customerio.campaigns of w, and so is campaigns in line 6.",
                "as:",
                false
            },
            { "~tables: [campaigns, {segments: {as: Campaigns}}]", "6:25:", "segments would be written into customerio.Campaigns", "as:", false },
            { "~tables: [{campaigns: {worksapces: main}}]", "6:27:", "There is no key 'worksapces' in campaigns.", "There are", true },
            { "~tables: [{campaigns: {schedule: x}}]", "6:27:", "There is no key 'schedule' in campaigns.", "schedule belongs into a sync.", true },
            { "~tables: [{campaigns: {archive: true}}]", "6:27:", "There is no key 'archive' in campaigns.", "tables of metrics", true },
            {
                "~tables: [{campaigns: {attributes: {flatten: all}}}]",
                "6:27:",
                "There is no key 'attributes' in campaigns.",
                "tables of people",
                true
            },
            { "~tables: [{customer_attributes: {attributes: {}}}]", "6:49:", "The key flatten is missing", "flatten:", true },
            { "~tables: [{campaigns: {as: _sluice_state}}]", "6:31:", "as begins with _sluice_", "another name", false },
            { "~tables: [{campaigns: {as: a.b}}]", "6:31:", "as can't be 'a.b'.", "as: email_messages", true },
            {
                "~tables: [{customers: {mode: delete+insert}}]",
                "6:33:",
                "no column whose range delete+insert could delete",
                "Give incremental_key, or choose mode replace",
                false
            },
            { "~tables: [{campaigns: {options: {type: email}}}]", "6:37:", "The table has no option 'type'.", "It takes none.", true },
            { "~tables: [{campaigns: {columns: [name]}}]", "6:36:", "but is a list", "columns:", true },
            { "~tables: [{campaigns: {columns: {name: hide}}}]", "6:43:", "can't be 'hide'", "There are drop, bigint", true },
            { "~tables: [{campaigns: {columns: {name: {mask: md5}}}}]", "6:50:", "mask can't be 'md5'.", "sha256", true },
            { "~tables: [{campaigns: {columns: {name: {typ: text}}}}]", "6:44:", "There is no key 'typ'", "type", true },
            { "~tables: [{campaigns: {columns: {id: drop}}}]", "6:41:", "the column id identifies its rows", "Take it out of columns", false },
            { "~tables: [{campaigns: {columns: {id: {mask: redact}}}}]", "6:41:", "mask id: this can't be masked", "by a path", false },
            { "~tables: [{campaigns: {columns: {name: {mask: redact, type: bigint}}}}]", "6:43:", "is masked and so is text", "text", false },
            { "~tables: [{campaigns: {columns: {type: {rename: Name}}}}]", "6:36:", "two columns would be called", "another name", false },
            {
                "~tables: [{campaigns: {columns: {name: {drop: true, type: text}}}}]",
                "6:43:",
                "nothing else can be said of it",
                "Take drop out",
                false
            },
            { "~tables: [{campaigns: {only: [id], columns: {name: text}}}]", "6:55:", "only leaves it out", "Add name to only", false },
            { "~tables: [{campaigns: {only: [id, name], columns: {name: drop}}}]", "6:61:", "is in only and is dropped", "out of only", false },
            { "~tables: [{campaign_actions: {where: campaign_id}}]", "6:41:", "the condition can't be read", "campaign_id in (1, 2)", false },
            {
                "~tables: [{customer_attributes: {flatten: all, attributes: {flatten: [a]}}}]",
                "6:46:",
                "flatten and attributes say the same thing",
                "one of them",
                false
            },
            { "~tables: [{campaigns: {flatten: all}}]", "6:27:", "There is no key 'flatten' in campaigns.", "activities", true },
            { "~tables: [{campaigns: {columns: {name: {rename: _sluice_x}}}}]", "6:", "renames no column", "_sluice_", false },
            { "~tables: \"${}\"", "6:13:", "names no variable", "${NAME}", false },
            { "~mode: !secret append\ntables: campaigns", "6:11:", "The tag !secret means nothing", "without it", false },
            { "~<<: campaigns\ntables: campaigns", "6:9:", "Behind << stands text", "<<: *defaults", false },
            { "~<<: *usual\ntables: campaigns", "6:9:", "*usual stands for a value that is marked", "quotes", false },
        };
}
