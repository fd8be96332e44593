namespace Sluice.Benchmarks.Kill;

/// <summary>What came of one seed.</summary>
internal sealed record SeedResult(Scenario Scenario)
{
    /// <summary>Kills by what the run was doing: starting, reading, or loading and keeping its books.</summary>
    public Dictionary<string, int> Kills { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs that were over before their kill came.</summary>
    public int TooLate { get; set; }

    /// <summary>Runs that found pages of a killed one.</summary>
    public int Resumed { get; set; }

    /// <summary>Kills after which the pages of a finished table were gone, so that the same command was a new run for it.</summary>
    public int Finished { get; set; }

    /// <summary>Answers that undisturbed runs needed.</summary>
    public long Needed { get; set; }

    /// <summary>Answers that the killed runs and their last one got.</summary>
    public long Asked { get; set; }

    /// <summary>Rows that were compared with the world.</summary>
    public long Rows { get; set; }

    /// <summary>What is not as it must be, in words.</summary>
    public List<string> Differences { get; } = [];
}
