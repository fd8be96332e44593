using Sluice.Engine.Catalog;

namespace Sluice.Settings.Pipelines;

/// <summary>What a pipeline file is read with.</summary>
public sealed record PipelineContext
{
    /// <summary>The tables that there are.</summary>
    public ResourceCatalog Catalog { get; init; } = ResourceCatalog.Default;

    /// <summary>Gives the value of a variable, or null.</summary>
    public required Func<string, string?> Variables { get; init; }

    /// <summary>Gives what makes an address of a destination the same one, and throws when the address is wrong (kind Config).</summary>
    public required Func<string, string> DestinationIdentity { get; init; }

    /// <summary>Adds columns to partition by to an address of files, and throws when that can't be (kind Config).</summary>
    public Func<string, string, string> WithPartitions { get; init; } = (uri, _) => uri;

    /// <summary>The folder for spools.</summary>
    public string WorkFolder { get; init; } = ".sluice";

    /// <summary>Whether variables may be missing, because only the file itself is looked at.</summary>
    public bool MayBeUnset { get; init; }
}
