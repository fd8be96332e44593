using System.Globalization;

namespace Sluice.Destinations.Sqlite;

/// <summary>Finds out which other programs have a file open: SQLite says only that there is one.</summary>
internal static class FileHolders
{
    private const string Processes = "/proc";

    /// <summary>The programs with their process ids in one phrase; "another program" where the system does not tell.</summary>
    public static string Of(string path)
    {
        var holders = Ids()
            .Where(id => id != Environment.ProcessId && Opens(id, path))
            .Select(id => $"{NameOf(id)} (process {id.ToString(CultureInfo.InvariantCulture)})")
            .ToList();
        return holders.Count == 0 ? "another program" : string.Join(" or ", holders);
    }

    private static IEnumerable<int> Ids() =>
        Directory.Exists(Processes)
            ? Directory
                .EnumerateDirectories(Processes)
                .Select(Path.GetFileName)
                .Where(name => int.TryParse(name, out _))
                .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            : [];

    // A process may end while we look at it, or belong to somebody else.
    private static bool Opens(int id, string path)
    {
        try
        {
            return Directory.EnumerateFiles($"{Processes}/{id.ToString(CultureInfo.InvariantCulture)}/fd")
                .Any(link => string.Equals(new FileInfo(link).LinkTarget, path, StringComparison.Ordinal));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string NameOf(int id)
    {
        try
        {
            return File.ReadAllText($"{Processes}/{id.ToString(CultureInfo.InvariantCulture)}/comm").Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "a program";
        }
    }
}
