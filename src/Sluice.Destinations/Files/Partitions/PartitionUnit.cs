namespace Sluice.Destinations.Files.Partitions;

/// <summary>How much time a folder holds.</summary>
internal enum PartitionUnit
{
    /// <summary>A calendar day in UTC.</summary>
    Day,

    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>A calendar year.</summary>
    Year,
}
