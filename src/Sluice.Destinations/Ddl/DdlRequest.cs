using Sluice.Destinations.Files;

namespace Sluice.Destinations.Ddl;

/// <summary>What statements are to be written for.</summary>
public sealed record DdlRequest
{
    /// <summary>The schema of the lake, and the schema, dataset or database that the tables go to.</summary>
    public required string Schema { get; init; }

    /// <summary>Where the lake is: the address that ingest was given.</summary>
    public required LakeAddress Location { get; init; }

    /// <summary>The tables.</summary>
    public required IReadOnlyList<LakeTable> Tables { get; init; }

    /// <summary>The files of the one table, by their paths below its folder, or null to take what stands there.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>The folder of the schema, which holds a folder for each table.</summary>
    internal LakeAddress Folder => Location.Inside(PathNames.Safe(Schema));
}
