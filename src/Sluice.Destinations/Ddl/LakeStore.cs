namespace Sluice.Destinations.Ddl;

/// <summary>Where a lake can be.</summary>
public enum LakeStore
{
    /// <summary>Amazon S3, or what speaks its language.</summary>
    S3,

    /// <summary>Google Cloud Storage.</summary>
    GoogleCloud,

    /// <summary>Azure Blob Storage.</summary>
    AzureBlob,
}
