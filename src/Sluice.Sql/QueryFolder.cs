namespace Sluice.Sql;

/// <summary>A folder for one query's files, readable by nobody else and removed with the query.</summary>
internal sealed class QueryFolder : IDisposable
{
    private int _parts;

    public QueryFolder() => Path = Directory.CreateTempSubdirectory("sluice-query-").FullName;

    public string Path { get; }

    /// <summary>Makes a folder for the next part; those of later parts sort behind it.</summary>
    public string Next() => Directory.CreateDirectory(
        System.IO.Path.Combine(Path, (++_parts).ToString("D5", System.Globalization.CultureInfo.InvariantCulture))).FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // Another program looks into it: the system clears its folder for temporary files.
        }
    }
}
