namespace Sluice.Destinations.Ddl;

/// <summary>What statements are to be written for.</summary>
public sealed record DdlRequest
{
    /// <summary>The schema, dataset or database that the tables go to.</summary>
    public required string Schema { get; init; }

    /// <summary>Where the lake is.</summary>
    public required LakeAddress Location { get; init; }

    /// <summary>The tables.</summary>
    public required IReadOnlyList<LakeTable> Tables { get; init; }

    /// <summary>The files of the one table, by their paths below the location, or null to take what stands in its folder.</summary>
    public IReadOnlyList<string>? Files { get; init; }
}
