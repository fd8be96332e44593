using System.Globalization;

namespace Sluice.Benchmarks.Kill;

/// <summary>A folder with a database and a work folder, and the command that fills it.</summary>
internal sealed class RunPlace(string folder, Scenario scenario, string address)
{
    private const string Finished = "*.ndjson";

    public string Database => Path.Combine(folder, "crm.duckdb");

    private string Spools => Path.Combine(folder, "work", "spool");

    public ToolRun Start()
    {
        Directory.CreateDirectory(folder);
        var rate = scenario.World.RequestsPerSecond is > 0 and var limit ? limit : 10_000;
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CUSTOMERIO_APP_API_KEY"] = scenario.World.AppApiKey,
            ["CUSTOMERIO_BASE_URL"] = address,
            ["SLUICE_HOME"] = Path.Combine(folder, "work"),
        };
        string[] strategy = scenario.Strategy is { } chosen ? ["--incremental-strategy", chosen] : [];
        return ToolRun.Start(
            folder,
            environment,
            [
                "ingest",
                "--source-uri",
                string.Create(CultureInfo.InvariantCulture, $"customerio://?rate={rate}"),
                "--source-table",
                string.Join(',', scenario.Tables),
                "--dest-uri",
                $"duckdb:///{Database}",
                "--json",
                "--progress",
                "none",
                "--lookback",
                "180d",
                .. strategy,
                .. scenario.Options,
            ]);
    }

    /// <summary>The feeds whose pages are kept at the moment.</summary>
    public IReadOnlySet<string> Feeds() =>
        Directory.Exists(Spools)
            ? Directory
                .GetDirectories(Spools)
                .SelectMany(Directory.GetDirectories)
                .Select(path => Path.GetFileName(path)!)
                .ToHashSet(StringComparer.Ordinal)
            : new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Files of pages, which nobody needs once everything is committed, and words of who runs, which nobody does any more.</summary>
    public IReadOnlyList<string> Remains() =>
        Directory.Exists(Spools)
            ?
            [
                .. Directory
                    .EnumerateFiles(Spools, Finished, SearchOption.AllDirectories)
                    .Concat(Directory.EnumerateFiles(Spools, "*.json*"))
                    .Select(path => Path.GetRelativePath(Spools, path)),
            ]
            : [];
}
