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
        Cli → Cli/Commands Cli/Terminals Engine Engine/Catalog
        Cli/Checks → Cli Cli/Commands Cli/Output CustomerIo Destinations Engine Engine/Catalog Engine/Runs Settings
        Cli/Commands → Cli Cli/Checks Cli/Output Cli/Pipelines CustomerIo Destinations Destinations/Warehouses Engine Engine/Audit
        Cli/Commands → Engine/Catalog Engine/DuckDb Engine/Load Engine/Masking Engine/Runs Engine/State Settings Settings/Pipelines Simulator
        Cli/Commands → Writes/Import Writes/Journal Writes/Operations Writes/Push Writes/Sync
        Cli/Output → Cli Cli/Commands CustomerIo Engine Engine/Audit Engine/Catalog Engine/Load Engine/Runs Engine/Shape Engine/State
        Cli/Output → Settings/Pipelines Writes/Import Writes/Journal Writes/Operations Writes/Sync
        Cli/Pipelines → Cli Cli/Checks Cli/Commands Cli/Output CustomerIo Destinations
        Cli/Pipelines → Engine Engine/Catalog Engine/Load Engine/Masking Engine/Runs Settings Settings/Pipelines
        Cli/Pipelines → Writes/Import Writes/Push Writes/Statements
        Cli/Terminals → Cli Sql
        CustomerIo → CustomerIo/Errors CustomerIo/Http CustomerIo/Parsing CustomerIo/RateLimit CustomerIo/Retries
        CustomerIo/Errors → CustomerIo CustomerIo/Http CustomerIo/Parsing CustomerIo/Retries
        CustomerIo/Http → CustomerIo CustomerIo/Errors CustomerIo/Parsing CustomerIo/RateLimit
        CustomerIo/Parsing → CustomerIo CustomerIo/Errors
        CustomerIo/RateLimit → CustomerIo
        CustomerIo/Retries → CustomerIo CustomerIo/Errors
        Data → CustomerIo Engine Engine/Catalog Engine/DuckDb Settings Settings/Pipelines Sql Sql/Dml Sql/Tables Sql/Text
        Data → Writes/Import Writes/Statements
        Destinations → Destinations/ClickHouse Destinations/DuckDb Destinations/Files Destinations/Postgres
        Destinations → Destinations/Merge Destinations/Sqlite Engine Engine/Catalog Engine/Load
        Destinations/ClickHouse → Destinations Destinations/Merge Engine Engine/Catalog Engine/DuckDb Engine/Load Engine/Load/Staging
        Destinations/ClickHouse → Destinations/DuckDb Engine/Shape Engine/State
        Destinations/DuckDb → Destinations Destinations/Merge Engine Engine/Catalog Engine/DuckDb Engine/Load Engine/Load/Staging Engine/Shape
        Destinations/Files → Destinations Destinations/DuckDb Destinations/Files/Formats Destinations/Files/Local
        Destinations/Files → Destinations/Files/Manifest Destinations/Files/ObjectStores Destinations/Merge
        Destinations/Files → Engine Engine/Catalog Engine/DuckDb Engine/Load Engine/Load/Staging Engine/Shape Engine/State
        Destinations/Files/Formats → Destinations/Files/Manifest Engine/Catalog Engine/DuckDb Engine/Load/Staging Engine/Shape
        Destinations/Files/Local → Destinations Destinations/Files Destinations/Files/Manifest Engine
        Destinations/Files/Manifest → Destinations/Files Destinations/Files/Formats Engine Engine/Load Engine/Load/Staging Engine/Shape Engine/State
        Destinations/Files/ObjectStores → Destinations/Files Destinations/Files/Manifest Engine
        Destinations/Merge → Destinations Engine Engine/Catalog Engine/DuckDb Engine/Load Engine/Load/Staging Engine/Shape Engine/State
        Destinations/Postgres → Destinations/Merge Engine Engine/Catalog Engine/DuckDb Engine/Load Engine/Shape
        Destinations/Sqlite → Destinations Destinations/Merge Engine Engine/Catalog Engine/DuckDb Engine/Load Engine/Shape
        Destinations/Warehouses → Destinations/Files Destinations/Files/Formats Destinations/Files/Manifest Engine Engine/Catalog Engine/Shape
        Engine → CustomerIo Engine/Audit Engine/Extract Engine/Runs Engine/Shape
        Engine/Audit → CustomerIo Engine/Catalog Engine/Load Engine/Runs
        Engine/Catalog → Engine
        Engine/DuckDb → Engine
        Engine/Extract → CustomerIo Engine Engine/Catalog Engine/Extract/Exports Engine/Masking
        Engine/Extract/Exports → CustomerIo Engine Engine/Catalog Engine/Extract Engine/Masking
        Engine/Load → Engine Engine/Catalog Engine/Load/Staging Engine/Shape Engine/State
        Engine/Load/Staging → Engine Engine/Catalog Engine/DuckDb Engine/Load Engine/Shape Engine/Shape/SafeCast
        Engine/Masking → Engine/Catalog
        Engine/Runs → CustomerIo Engine Engine/Catalog Engine/Extract Engine/Load
        Engine/Runs → Engine/Load/Staging Engine/Masking Engine/Shape Engine/Spool Engine/State
        Engine/Shape → CustomerIo Engine Engine/Catalog Engine/DuckDb Engine/Extract Engine/Extract/Exports Engine/Shape/SafeCast Engine/Spool
        Engine/Shape/SafeCast → CustomerIo Engine/Catalog Engine/DuckDb Engine/Extract Engine/Shape Engine/Spool
        Engine/Spool → CustomerIo Engine Engine/Extract Engine/Extract/Exports
        Engine/State → Engine Engine/Catalog
        Engine/Webhooks → CustomerIo Engine Engine/Catalog Engine/Extract Engine/Load Engine/Load/Staging Engine/Masking Engine/Runs
        Engine/Webhooks → Engine/Shape Engine/Spool Engine/State
        Settings → CustomerIo Engine Engine/Catalog Engine/Masking Engine/Runs
        Settings → Settings/Pipelines Settings/Pipelines/Shapes Settings/Pipelines/Yaml
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
        Sql/Fetching → CustomerIo Engine Engine/Catalog Engine/DuckDb Engine/Extract Engine/Runs Engine/Shape Engine/Shape/SafeCast
        Sql/Fetching → Engine/Spool Sql Sql/Planning Sql/Tables Sql/Text Writes/Operations
        Sql/Planning → Engine Engine/Catalog Engine/DuckDb Sql/Tables Sql/Text
        Sql/Procedures → Engine Engine/DuckDb Sql/Planning Sql/Text Writes/Operations Writes/Statements
        Sql/Tables → Engine/Catalog Engine/DuckDb Engine/Shape
        Sql/Text → Engine Engine/DuckDb
        Cli/Commands → Cli/Output/Results Cli/Terminals Sql Sql/Dml Sql/Text Writes/Statements
        Cli/Commands → Writes/Backup
        Cli/Output → Sql Sql/Dml Writes/Backup Writes/Statements
        Cli/Output/Results → Cli Cli/Output Engine Sql Sql/Text
        Writes/Backup → CustomerIo Engine Engine/Catalog Engine/DuckDb Writes/Import Writes/Operations Writes/Statements
        Writes/Import → CustomerIo Engine Engine/Catalog Engine/DuckDb Writes/Journal Writes/Operations Writes/Sending
        Writes/Journal → Engine Engine/Spool
        Writes/Push → CustomerIo Engine Engine/Catalog Engine/DuckDb Writes/Import Writes/Journal Writes/Operations Writes/Sending Writes/Statements
        Writes/Sending → CustomerIo Writes/Operations
        Writes/Sync → CustomerIo Engine Engine/Catalog Engine/Load Writes/Import Writes/Journal Writes/Operations Writes/Statements
        Writes/Statements → CustomerIo Engine Writes/Import Writes/Journal Writes/Operations Writes/Sending
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
