namespace Sluice.Sql;

/// <summary>A folder for one query's files, readable by nobody else and removed with the query.</summary>
internal sealed class QueryFolder : IDisposable
{
    private const string Prefix = "sluice-query-";
    private static readonly TimeSpan LeftBehind = TimeSpan.FromDays(1);

    private int _parts;

    public QueryFolder()
    {
        RemoveLeftBehind();
        Path = Directory.CreateTempSubdirectory(Prefix).FullName;
    }

    public string Path { get; }

    /// <summary>Makes a folder for the next part; those of later parts sort behind it.</summary>
    public string Next() => Directory.CreateDirectory(
        System.IO.Path.Combine(Path, (++_parts).ToString("D5", System.Globalization.CultureInfo.InvariantCulture))).FullName;

    /// <summary>Says that the folder is in use, which can last for days, and makes it anew when the system's temporary files were cleared.</summary>
    public void Keep() => Directory.CreateDirectory(Path).LastWriteTimeUtc = TimeProvider.System.GetUtcNow().UtcDateTime;

    public void Dispose() => Remove(Path);

    // A process that was killed has removed nothing, and rows are personal data.
    private static void RemoveLeftBehind()
    {
        foreach (var folder in Directory.GetDirectories(System.IO.Path.GetTempPath(), $"{Prefix}*"))
        {
            if (TimeProvider.System.GetUtcNow() - new DateTimeOffset(Directory.GetLastWriteTimeUtc(folder)) > LeftBehind)
            {
                Remove(folder);
            }
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another program looks into it, or it is another user's: the system clears its folder for temporary files.
        }
    }
}
