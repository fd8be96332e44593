using Sluice.Destinations;

namespace Sluice.Cli.Demo;

/// <summary>The file <c>demo.duckdb</c>, new for every demo.</summary>
internal static class DemoDatabase
{
    /// <summary>Removes a demo database that is there and gives the new one's address; a file that is no database, or is in use, stays.</summary>
    public static async Task<string> ReplaceAsync(string path, CancellationToken cancel)
    {
        var uri = $"duckdb:///{path}";
        if (File.Exists(path))
        {
            // Opening it tells whether another program has it open, which deleting would not.
            await using (await DestinationRegistry.OpenAsync(uri, cancel))
            {
            }

            File.Delete(path);
            File.Delete(path + ".wal");
        }

        return uri;
    }
}
