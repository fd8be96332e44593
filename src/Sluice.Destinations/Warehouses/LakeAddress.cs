using Sluice.Engine;

namespace Sluice.Destinations.Warehouses;

/// <summary>The address of a lake, which each engine writes in its own way.</summary>
/// <param name="Store">Where it is.</param>
/// <param name="Bucket">The bucket, or the container.</param>
/// <param name="Prefix">The folder below it without slashes around it, or nothing.</param>
public sealed record LakeAddress(LakeStore Store, string Bucket, string Prefix)
{
    private const string BlobHost = "ACCOUNT.blob.core.windows.net";

    private static readonly (string Scheme, LakeStore Store)[] Schemes =
        [("s3://", LakeStore.S3), ("gs://", LakeStore.GoogleCloud), ("azblob://", LakeStore.AzureBlob)];

    /// <summary>Stands in when no address is given: what is in capitals is to be replaced.</summary>
    public static LakeAddress Placeholder { get; } = new(LakeStore.S3, "BUCKET", "PREFIX");

    /// <summary>Reads an address such as <c>s3://bucket/prefix</c> and notes what is wrong, without repeating what may be a secret.</summary>
    public static LakeAddress Read(string? text, ValidationErrors mistakes)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Placeholder;
        }

        const string Hint = "Write it as s3://bucket/prefix, gs://bucket/prefix or azblob://container/prefix.";
        var (scheme, store) = Array.Find(Schemes, known => text.Trim().StartsWith(known.Scheme, StringComparison.OrdinalIgnoreCase));
        if (scheme is null)
        {
            mistakes.Add("--location is no address of a bucket or container.", Hint);
            return Placeholder;
        }

        var path = text.Trim()[scheme.Length..];
        if (path.Contains('?', StringComparison.Ordinal) || path.Contains('@', StringComparison.Ordinal))
        {
            mistakes.Add("--location has more than a place: settings and keys don't belong into statements.", Hint);
            return Placeholder;
        }

        // As ingest reads it: a space is %20 there.
        path = Uri.UnescapeDataString(path).Trim('/');
        if (path.Length == 0 || !IsPlain(path) || path.Contains("//", StringComparison.Ordinal))
        {
            mistakes.Add("--location has no bucket, or letters that statements can't hold.", Hint);
            return Placeholder;
        }

        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return new LakeAddress(store, slash < 0 ? path : path[..slash], slash < 0 ? "" : path[(slash + 1)..]);
    }

    /// <summary>The address as it is given to Sluice.</summary>
    public override string ToString() => Array.Find(Schemes, known => known.Store == Store).Scheme + Path("");

    /// <summary>Whether a path holds nothing that a statement, a pattern or a comment would take for something else.</summary>
    private static bool IsPlain(string path) =>
        path.All(letter => !char.IsControl(letter) && !"'\"`\\*?{}[]<>|;".Contains(letter, StringComparison.Ordinal));

    /// <summary>The address of a folder in it.</summary>
    internal LakeAddress Inside(string folder) => this with { Prefix = Below(folder) };

    /// <summary>The path below the bucket.</summary>
    internal string Below(string path) => Prefix.Length == 0 ? path : path.Length == 0 ? Prefix : $"{Prefix}/{path}";

    /// <summary>As Hadoop's file systems write it: Spark with <c>s3a</c>, Trino with <c>s3</c>.</summary>
    internal string Hadoop(string path, string s3) => Store switch
    {
        LakeStore.AzureBlob => $"abfss://{Bucket}@ACCOUNT.dfs.core.windows.net/{Below(path)}",
        LakeStore.GoogleCloud => $"gs://{Path(path)}",
        _ => $"{s3}://{Path(path)}",
    };

    /// <summary>As warehouses write it: Snowflake says <c>gcs</c>, BigQuery <c>gs</c>.</summary>
    internal string Warehouse(string path, string google) => Store switch
    {
        LakeStore.AzureBlob => $"azure://{BlobHost}/{Path(path)}",
        LakeStore.GoogleCloud => $"{google}://{Path(path)}",
        _ => $"s3://{Path(path)}",
    };

    /// <summary>As an address of the web, where a path may hold patterns.</summary>
    internal string Web(string path) => Store switch
    {
        LakeStore.AzureBlob => $"https://{BlobHost}/{Escape(Path(path))}",
        LakeStore.GoogleCloud => $"https://storage.googleapis.com/{Escape(Path(path))}",
        _ => $"https://{Bucket}.s3.REGION.amazonaws.com/{Escape(Below(path))}",
    };

    /// <summary>The host of a container.</summary>
    internal static string BlobAccount => $"https://{BlobHost}";

    private static string Escape(string path) => Uri.EscapeDataString(path)
        .Replace("%2F", "/", StringComparison.Ordinal).Replace("%3D", "=", StringComparison.Ordinal).Replace("%2A", "*", StringComparison.Ordinal);

    private string Path(string path) => Below(path) is { Length: > 0 } below ? $"{Bucket}/{below}" : Bucket;
}

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
