namespace Sluice.Destinations.Files.Local;

/// <summary>Writes small files so that a reader finds the old one or the new one, and never a part.</summary>
internal static class AtomicFile
{
    public static async Task WriteAsync(string path, byte[] content, CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(path)!;
        FileModes.MakeSharedFolder(folder);
        var aside = path + ".new";

        // Made anew: what stands there is left of a crash, or is somebody's link to another file.
        File.Delete(aside);
        await using (var file = new FileStream(aside, FileMode.CreateNew, FileAccess.Write))
        {
            await file.WriteAsync(content, cancel);
            file.Flush(flushToDisk: true);
        }

        FileModes.Share(aside);
        File.Move(aside, path, overwrite: true);
        NativeFiles.Flush(folder);
    }
}
