using System.Diagnostics;
using System.Globalization;

namespace Sluice.Writes.Import;

/// <summary>Keeps what comes by standard input or by a pipe, because it is read more than once.</summary>
internal static class InputCopy
{
    /// <summary>How names of copies begin; the id of the process follows.</summary>
    public const string Scratch = "read-";

    public static async Task<string> CopyAsync(Stream input, string scratch, CancellationToken cancel)
    {
        var head = new byte[4];
        var length = await input.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel);
        var path = scratch + head switch
        {
            [0x1f, 0x8b, ..] => ".gz",
            [0x28, 0xb5, 0x2f, 0xfd] => ".zst",
            _ => "",
        };
        try
        {
            await using var file = new FileStream(path, PrivateFile.Options(FileMode.CreateNew));
            await file.WriteAsync(head.AsMemory(0, length), cancel);
            await input.CopyToAsync(file, cancel);
            return path;
        }
        catch
        {
            // It is personal data.
            File.Delete(path);
            throw;
        }
    }

    // What a killed process has left of its input is personal data.
    public static void RemoveLeftBehind(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, Scratch + "*"))
        {
            if (int.TryParse(Path.GetFileName(file)[Scratch.Length..].Split('-')[0], CultureInfo.InvariantCulture, out var owner) && !IsAlive(owner))
            {
                File.Delete(file);
            }
        }
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
