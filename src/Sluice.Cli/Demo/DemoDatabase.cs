using Sluice.Cli.Settings;
using Sluice.Destinations;

namespace Sluice.Cli.Demo;

/// <summary>The file <c>demo.duckdb</c>, recreated by every demo.</summary>
internal static class DemoDatabase
{
    /// <summary>An empty folder for the demo's pages: those of an interrupted demo are of another simulator.</summary>
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

    /// <summary>Deletes an existing demo database and returns the new one's address; a file that is in use or not a database is kept.</summary>
    public static async Task<string> ReplaceAsync(string path, CancellationToken cancel)
    {
        var uri = $"duckdb:///{path}";
        if (File.Exists(path))
        {
            // Opening it fails if another program has it open; deleting it would not.
            await using (await DestinationRegistry.OpenAsync(uri, cancel))
            {
            }

            File.Delete(path);
            File.Delete(path + ".wal");
        }

        return uri;
    }
}
