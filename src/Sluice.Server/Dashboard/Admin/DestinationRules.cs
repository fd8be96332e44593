using Sluice.Destinations;
using Sluice.Engine;

namespace Sluice.Server.Dashboard.Admin;

/// <summary>Which destinations can be named in the browser: a file anywhere only by somebody who sits at the machine.</summary>
internal static class DestinationRules
{
    /// <summary>Notes why an address won't do.</summary>
    public static void Check(string uri, ServerOptions options, ValidationErrors mistakes)
    {
        var path = mistakes.Collect(() => DestinationRegistry.FileOf(uri) ?? DestinationRegistry.FolderOf(uri), null);
        if (path is not null && options.IsReachedFromElsewhere && !IsWithin(Path.GetFullPath(path, options.Folder), options.Folder))
        {
            mistakes.Add(
                $"{path} is outside of the server's folder.",
                $"From other machines only files in {options.Folder} can be named, as duckdb:///customerio.duckdb; a pipeline file may name any.");
        }
    }

    // The folder itself may be reached by a link; what is below it may not lead out.
    private static bool IsWithin(string path, string folder)
    {
        var root = Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        for (var one = path; one is not null && one.Length > root.Length; one = Path.GetDirectoryName(one))
        {
            if ((File.Exists(one) || Directory.Exists(one)) && new FileInfo(one).LinkTarget is not null)
            {
                return false;
            }
        }

        return path.StartsWith(root, StringComparison.Ordinal);
    }
}
