using Sluice.Cli.Settings;
using Sluice.Destinations;

namespace Sluice.Cli.Demo;

/// <summary>The file <c>demo.duckdb</c>, new for every demo.</summary>
internal static class DemoDatabase
{
    /// <summary>A folder for the demo's pages without those of a demo that was stopped: its pretend Customer.io is gone.</summary>
    public static string EmptyFolder(string workFolder)
    {
        SettingsLookup.Prepare(workFolder);
        var folder = Path.Combine(workFolder, "demo");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return folder;
    }

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
