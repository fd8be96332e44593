namespace Sluice.Tests.Architecture;

/// <summary>
/// Which project may reference which, and which folder may use which, one by one. A new edge is a decision: it is added here and explained in the
/// commit.
/// </summary>
internal static class Walls
{
    public static IReadOnlyDictionary<string, string[]> Projects { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Sluice.CustomerIo"] = [],
        ["Sluice.Simulator"] = [],
        ["Sluice.Engine"] = ["Sluice.CustomerIo"],
        ["Sluice.Settings"] = ["Sluice.CustomerIo", "Sluice.Engine"],
        ["Sluice.Destinations"] = ["Sluice.Engine"],
        ["Sluice.Sql"] = ["Sluice.CustomerIo", "Sluice.Engine", "Sluice.Writes"],
        ["Sluice.Writes"] = ["Sluice.CustomerIo", "Sluice.Engine"],
        ["Sluice.Data"] = ["Sluice.CustomerIo", "Sluice.Engine", "Sluice.Settings", "Sluice.Sql", "Sluice.Writes"],
        ["Sluice.Server"] =
            ["Sluice.CustomerIo", "Sluice.Destinations", "Sluice.Engine", "Sluice.Settings", "Sluice.Sql", "Sluice.Writes"],
        ["Sluice.Cli"] =
            [
                "Sluice.CustomerIo",
                "Sluice.Destinations",
                "Sluice.Engine",
                "Sluice.Server",
                "Sluice.Settings",
                "Sluice.Simulator",
                "Sluice.Sql",
                "Sluice.Writes",
            ],
    };

    public static IReadOnlySet<(string From, string To)> Edges { get; } = Parse("""
        Cli → Cli/Commands Cli/Output Cli/Terminals Engine Engine/Catalog
        Cli/Checks → Cli Cli/Commands Cli/Output CustomerIo Engine Engine/Catalog Engine/Runs Server/Checks
        Cli/Commands → Cli Cli/Checks Cli/Output Cli/Output/Results Cli/Pipelines Cli/Terminals CustomerIo Destinations Destinations/Dbt
        Cli/Commands → Destinations/Warehouses Engine
        Cli/Commands → Engine/Audit Engine/Catalog Engine/DuckDb Engine/Load Engine/Masking Engine/Runs Engine/State Server Server/Auth Server/Checks
        Cli/Commands → Server/Gate Server/Notifications Server/Pipelines Server/Runs Server/Schedules Server/Secrets Settings Settings/Pipelines
        Cli/Commands → Simulator Sql Sql/Dml Sql/Text Writes/Backup Writes/Import Writes/Journal Writes/Operations Writes/Push Writes/Statements
        Cli/Commands → Writes/Sync
        Cli/Output → Cli Cli/Commands CustomerIo Engine Engine/Audit Engine/Catalog Engine/Load Engine/Runs Engine/Shape Engine/State Server/Auth
        Cli/Output → Server/Secrets Settings/Pipelines Sql Sql/Dml Writes/Backup Writes/Import Writes/Journal Writes/Operations Writes/Statements
        Cli/Output → Destinations Destinations/Models Writes/Sync
        Cli/Output/Results → Cli Engine Sql Sql/Text
        Cli/Pipelines → Cli Cli/Commands Cli/Output CustomerIo Destinations Engine Engine/Load Engine/Masking Engine/Runs Server/Runs
        Cli/Pipelines → Settings/Pipelines Writes/Import Writes/Push Writes/Statements
        Cli/Terminals → Cli Engine Sql
        CustomerIo → CustomerIo/Errors CustomerIo/Http CustomerIo/Parsing CustomerIo/RateLimit CustomerIo/Retries
        CustomerIo/Errors → CustomerIo CustomerIo/Http CustomerIo/Parsing CustomerIo/Retries
        CustomerIo/Http → CustomerIo CustomerIo/Errors CustomerIo/Parsing CustomerIo/RateLimit
        CustomerIo/Parsing → CustomerIo CustomerIo/Errors
        CustomerIo/RateLimit → CustomerIo
        CustomerIo/Retries → CustomerIo CustomerIo/Errors
        Data → CustomerIo Engine Engine/Catalog Engine/DuckDb Settings Settings/Pipelines Sql Sql/Dml Sql/Tables Sql/Text Writes/Import
        Data → Writes/Statements
        Destinations → Destinations/ClickHouse Destinations/DuckDb Destinations/Files Destinations/Merge Destinations/MySql Destinations/Postgres
        Destinations → Destinations/Sqlite Destinations/Models Destinations/Warehouses Engine Engine/Catalog Engine/Load
        Destinations/ClickHouse → Destinations Destinations/DuckDb Destinations/Merge Engine Engine/Catalog Engine/DuckDb Engine/Load
        Destinations/ClickHouse → Destinations/Models Engine/Load/Staging Engine/Shape Engine/State
        Destinations/Dbt → Destinations/DuckDb Destinations/Models Destinations/Postgres Destinations/Warehouses Engine/Catalog Engine/Load
        Destinations/DuckDb → Destinations/Models
        Destinations/DuckDb → Destinations Destinations/Merge Engine Engine/Catalog Engine/DuckDb Engine/Load Engine/Load/Staging Engine/Shape
        Destinations/Files → Destinations Destinations/DuckDb Destinations/Files/Formats Destinations/Files/Local Destinations/Files/Manifest
        Destinations/Files → Destinations/Files/ObjectStores Destinations/Merge Engine Engine/Catalog Engine/DuckDb Engine/Load Engine/Load/Staging
        Destinations/Files → Engine/Shape Engine/State
        Destinations/Files/Formats → Destinations/Files/Manifest Engine/Catalog Engine/DuckDb Engine/Load/Staging Engine/Shape
        Destinations/Files/Local → Destinations Destinations/Files Destinations/Files/Manifest Engine
        Destinations/Files/Manifest → Destinations/Files Destinations/Files/Formats Engine Engine/Load Engine/Load/Staging Engine/Shape Engine/State
        Destinations/Files/ObjectStores → Destinations/Files Destinations/Files/Manifest Engine
        Destinations/Merge → Destinations/Models
        Destinations/Merge → Destinations Engine Engine/Catalog Engine/DuckDb Engine/Load Engine/Load/Staging Engine/Shape Engine/State
        Destinations/Models → Destinations/Models/Definitions Engine/Catalog Engine/Load
        Destinations/Models/Definitions → Destinations/Models
        Destinations/MySql → Destinations/Merge Engine Engine/Catalog Engine/Load Engine/Shape
        Destinations/Postgres → Destinations/Merge Destinations/Models Engine Engine/Catalog Engine/DuckDb Engine/Load Engine/Shape
        Destinations/Sqlite → Destinations Destinations/Merge Destinations/Models Engine Engine/Catalog Engine/DuckDb Engine/Load Engine/Shape
        Destinations/Warehouses → Destinations/Files Destinations/Files/Formats Destinations/Files/Manifest Destinations/Models
        Destinations/Warehouses → Destinations/Warehouses/Models Engine Engine/Catalog Engine/Shape
        Destinations/Warehouses/Models → Destinations/Models
        Engine → CustomerIo Engine/Audit Engine/Extract Engine/Load Engine/Runs Engine/Shape
        Engine/Audit → CustomerIo Engine/Catalog Engine/Load Engine/Runs Engine/State
        Engine/Catalog → Engine
        Engine/DuckDb → Engine
        Engine/Extract → CustomerIo Engine Engine/Catalog Engine/Extract/Exports Engine/Masking
        Engine/Extract/Exports → CustomerIo Engine Engine/Catalog Engine/Extract Engine/Masking
        Engine/Load → Engine Engine/Catalog Engine/Load/Staging Engine/Shape Engine/State
        Engine/Load/Staging → Engine Engine/Catalog Engine/DuckDb Engine/Load Engine/Shape Engine/Shape/SafeCast
        Engine/Masking → Engine/Catalog
        Engine/Runs → CustomerIo Engine Engine/Catalog Engine/Extract Engine/Load Engine/Load/Staging Engine/Masking Engine/Shape Engine/Spool
        Engine/Runs → Engine/State
        Engine/Shape → CustomerIo Engine Engine/Catalog Engine/DuckDb Engine/Extract Engine/Extract/Exports Engine/Shape/SafeCast Engine/Spool
        Engine/Shape/SafeCast → CustomerIo Engine/Catalog Engine/DuckDb Engine/Extract Engine/Shape Engine/Spool
        Engine/Spool → CustomerIo Engine Engine/Extract Engine/Extract/Exports
        Engine/State → Engine Engine/Catalog
        Engine/Webhooks → CustomerIo Engine Engine/Catalog Engine/Extract Engine/Load Engine/Load/Staging Engine/Masking Engine/Runs Engine/Shape
        Engine/Webhooks → Engine/Spool Engine/State
        Server → CustomerIo Engine Engine/Runs Server/Api Server/Auth Server/Control Server/Dashboard Server/Gate Server/Health Server/Mcp
        Server → Server/Metrics Server/Notifications Server/Pipelines Server/Queries Server/Runs Server/Schedules Server/Secrets Server/Status
        Server → Server/Webhooks Settings
        Server/Api → Engine Server Server/Auth Server/Runs Server/Schedules Server/Status
        Server/Auth → Engine Engine/Catalog Engine/Runs Server Server/Control Server/Secrets
        Server/Checks → CustomerIo Destinations Engine Engine/Load Engine/Runs Settings
        Server/Control → Engine
        Server/Dashboard → Destinations Engine Engine/Load Engine/Runs Engine/State Server Server/Auth Server/Control Server/Dashboard/Admin
        Server/Dashboard → Server/Dashboard/Pages Server/Dashboard/Places Server/Dashboard/Query Server/Pipelines Server/Runs Server/Schedules
        Server/Dashboard → Server/Status Settings Settings/Pipelines
        Server/Dashboard/Admin → CustomerIo Engine Server Server/Auth Server/Checks Server/Control Server/Dashboard Server/Dashboard/Pages Server/Gate
        Server/Dashboard/Admin → Server/Notifications Server/Pipelines Server/Runs Server/Secrets Settings Settings/Pipelines
        Server/Dashboard/Pages → CustomerIo Destinations Engine Engine/Runs Engine/State Server/Auth Server/Checks Server/Control Server/Dashboard
        Server/Dashboard/Pages → Server/Dashboard/Admin Server/Dashboard/Parts Server/Dashboard/Places Server/Dashboard/Query Server/Notifications
        Server/Dashboard/Pages → Server/Runs Server/Secrets Server/Status Server/Webhooks Settings Settings/Pipelines Sql Writes/Journal
        Server/Dashboard/Parts → Engine Engine/Runs Engine/Shape Server/Auth Server/Checks Server/Control Server/Dashboard Server/Runs Server/Status
        Server/Dashboard/Parts → Settings/Pipelines Writes/Journal
        Server/Dashboard/Places → CustomerIo Engine Server Server/Checks Server/Dashboard Server/Dashboard/Pages Server/Pipelines Server/Runs
        Server/Dashboard/Places → Server/Webhooks Settings Settings/Pipelines Writes/Journal
        Server/Dashboard/Query → Engine Server/Dashboard Server/Dashboard/Pages Server/Dashboard/Places Server/Queries Settings/Pipelines Sql Sql/Text
        Server/Gate → Destinations Engine Server Server/Auth
        Server/Health → Server Server/Auth Server/Control Server/Schedules
        Server/Mcp → Engine Engine/Catalog Server Server/Queries Server/Runs Server/Status Sql Sql/Tables
        Server/Metrics → CustomerIo Engine Engine/Runs Server Server/Control Server/Runs Server/Status Server/Webhooks
        Server/Notifications → Engine Engine/Runs Server Server/Api Server/Auth Server/Control Server/Gate Server/Pipelines Server/Runs Server/Secrets
        Server/Notifications → Server/Status Settings/Pipelines
        Server/Pipelines → Destinations Engine Engine/Catalog Server Server/Control Server/Gate Server/Secrets Settings Settings/Pipelines Writes/Push
        Server/Queries → CustomerIo Engine Server Server/Pipelines Server/Runs Settings Settings/Pipelines Sql Sql/Text
        Server/Runs → CustomerIo Destinations Engine Engine/Catalog Engine/Load Engine/Runs Engine/Webhooks Server Server/Control Server/Pipelines
        Server/Runs → Settings Settings/Pipelines Sql Writes/Import Writes/Push
        Server/Schedules → Engine Engine/Catalog Engine/Runs Server Server/Auth Server/Control Server/Pipelines Server/Runs Server/Secrets
        Server/Schedules → Settings/Pipelines
        Server/Secrets → Engine Server/Control
        Server/Status → Engine Engine/Runs Engine/Shape Server/Control Server/Pipelines Server/Runs Server/Schedules Settings/Pipelines
        Server/Webhooks → CustomerIo Destinations Engine Engine/Catalog Engine/Load Engine/Masking Engine/Runs Engine/Webhooks Server Server/Control
        Server/Webhooks → Server/Pipelines Server/Runs Settings Settings/Pipelines
        Settings → CustomerIo Engine Engine/Catalog Engine/Masking Engine/Runs Settings/Pipelines Settings/Pipelines/Shapes Settings/Pipelines/Yaml
        Settings/Pipelines → Engine Engine/Catalog Engine/Masking Engine/Runs Settings Settings/Pipelines/Shapes Settings/Pipelines/Yaml
        Settings/Pipelines/Shapes → Engine Engine/Catalog Settings Settings/Pipelines Settings/Pipelines/Yaml
        Settings/Pipelines/Yaml → Settings/Pipelines
        Simulator → Simulator/Data Simulator/Faults Simulator/Http Simulator/Truth
        Simulator/AppApi → Simulator Simulator/Data Simulator/Http
        Simulator/Control → Simulator Simulator/AppApi Simulator/Data Simulator/Faults Simulator/Http
        Simulator/Data → Simulator
        Simulator/Faults → Simulator/Control Simulator/Data Simulator/Http
        Simulator/Http → Simulator Simulator/AppApi Simulator/Control Simulator/Data Simulator/Faults Simulator/TrackApi
        Simulator/TrackApi → Simulator Simulator/AppApi Simulator/Data Simulator/Http
        Simulator/Truth → Simulator Simulator/AppApi Simulator/Data
        Sql → CustomerIo Engine Engine/Catalog Engine/DuckDb Sql/Dml Sql/Fetching Sql/Planning Sql/Tables Sql/Text
        Sql/Dml → CustomerIo Engine Engine/Catalog Engine/DuckDb Engine/Shape Sql Sql/Fetching Sql/Planning Sql/Procedures Sql/Tables Sql/Text
        Sql/Dml → Writes/Operations Writes/Statements
        Sql/Fetching → CustomerIo Engine Engine/Catalog Engine/DuckDb Engine/Extract Engine/Runs Engine/Shape Engine/Shape/SafeCast Engine/Spool Sql
        Sql/Fetching → Sql/Planning Sql/Tables Sql/Text Writes/Operations
        Sql/Planning → Engine Engine/Catalog Engine/DuckDb Sql/Tables Sql/Text
        Sql/Procedures → Engine Engine/DuckDb Sql/Planning Sql/Text Writes/Operations Writes/Statements
        Sql/Tables → Engine/Catalog Engine/DuckDb Engine/Shape
        Sql/Text → Engine Engine/Catalog Engine/DuckDb Sql
        Writes/Backup → CustomerIo Engine Engine/Catalog Engine/DuckDb Writes/Import Writes/Operations Writes/Statements
        Writes/Import → CustomerIo Engine Engine/Catalog Engine/DuckDb Writes/Journal Writes/Operations Writes/Sending
        Writes/Journal → Engine Engine/Spool
        Writes/Push → CustomerIo Engine Engine/Catalog Engine/DuckDb Writes/Import Writes/Journal Writes/Operations Writes/Sending Writes/Statements
        Writes/Sending → CustomerIo Writes/Operations
        Writes/Statements → CustomerIo Engine Writes/Import Writes/Journal Writes/Operations Writes/Sending
        Writes/Sync → CustomerIo Engine Engine/Catalog Engine/Load Writes/Import Writes/Journal Writes/Operations Writes/Statements
        """);

    /// <summary>
    /// Folders that use each other, beside a folder and its own parts: errors of the client know the requests that failed; a format is written by
    /// what the
    /// manifest keeps of columns; commands and their views, and the parts of the simulated server, make one unit each.
    /// </summary>
    public static IReadOnlySet<(string From, string To)> Circles { get; } = Parse("""
        Cli/Checks → Cli/Commands
        Cli/Commands → Cli/Checks
        Cli/Commands → Cli/Output
        Cli/Commands → Cli/Pipelines
        Cli/Output → Cli/Commands
        Cli/Pipelines → Cli/Commands
        CustomerIo/Errors → CustomerIo/Http
        CustomerIo/Errors → CustomerIo/Parsing
        CustomerIo/Errors → CustomerIo/Retries
        CustomerIo/Http → CustomerIo/Errors
        CustomerIo/Parsing → CustomerIo/Errors
        CustomerIo/Retries → CustomerIo/Errors
        Destinations/Files/Formats → Destinations/Files/Manifest
        Destinations/Files/Manifest → Destinations/Files/Formats
        Server/Dashboard/Admin → Server/Dashboard/Pages
        Server/Dashboard/Pages → Server/Dashboard/Admin
        Server/Dashboard/Pages → Server/Dashboard/Places
        Server/Dashboard/Pages → Server/Dashboard/Query
        Server/Dashboard/Places → Server/Dashboard/Pages
        Server/Dashboard/Query → Server/Dashboard/Pages
        Simulator/AppApi → Simulator/Http
        Simulator/Control → Simulator/Faults
        Simulator/Control → Simulator/Http
        Simulator/Faults → Simulator/Control
        Simulator/Faults → Simulator/Http
        Simulator/Http → Simulator/AppApi
        Simulator/Http → Simulator/Control
        Simulator/Http → Simulator/Faults
        Simulator/Http → Simulator/TrackApi
        Simulator/TrackApi → Simulator/Http
        """);

    // A line for each folder: the folder, an arrow, and what it may use.
    private static HashSet<(string From, string To)> Parse(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(" → "))
            .SelectMany(sides => sides[1].Split(' ').Select(to => (sides[0], to))),
    ];
}
