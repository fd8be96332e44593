using System.Text;
using Sluice.Engine;

namespace Sluice.Writes.Import;

/// <summary>A CSV file about rows, which may hold personal data: made with its first line, and its owner's alone.</summary>
/// <param name="path">Where it is.</param>
/// <param name="header">Its first line, by which it is known again.</param>
/// <param name="what">What it holds, as in "rejected rows".</param>
internal sealed class PrivateFile(string path, string header, string what) : IDisposable
{
    /// <summary>What the first line has behind it where rows are known by a key.</summary>
    public const string OfKey = ",key";

    private StreamWriter? _file;

    public void Add(params ReadOnlySpan<string> values)
    {
        var line = new StringBuilder();
        foreach (var value in values)
        {
            line.Append(line.Length > 0 ? "," : "").Append(Quoted(value));
        }

        Writing(() => (_file ??= Open()).WriteLine(line));
    }

    /// <summary>Brings the lines to the disk.</summary>
    /// <exception cref="SluiceException">The disk does not take them (kind Config).</exception>
    public void Complete() => Writing(() => _file?.Flush());

    /// <summary>Sees that no file of somebody else's would be written over.</summary>
    /// <exception cref="SluiceException">There is one (kind Config).</exception>
    public void RequireOwn()
    {
        if (File.Exists(path) && new FileInfo(path).Length > 0 && !IsOwn(File.ReadLines(path).First()))
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{path} is there and holds something else than {what}: nothing was sent.",
                "--rejects names another file for the rows that are not taken; the one for rows that are not found again stands beside it.");
        }
    }

    // Of rows that are known by a key there is a column more, whichever kind was written last.
    private bool IsOwn(string first) => first == header || first == header + OfKey || first + OfKey == header;

    public void Dispose()
    {
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // Complete has said so, or another failure came before it.
        }
    }

    private void Writing(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The file of {what} {path} can't be written: {error.Message}",
                "--rejects names another one; the same command then goes on.",
                error);
        }
    }

    private StreamWriter Open()
    {
        var writer = new StreamWriter(new FileStream(path, Options(FileMode.Create)), new UTF8Encoding(false)) { NewLine = "\n" };
        if (!OperatingSystem.IsWindows() && !path.StartsWith("/dev/", StringComparison.Ordinal))
        {
            // Of a file that was there with other rights.
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        writer.WriteLine(header);
        return writer;
    }

    /// <summary>How a file is opened for writing that others must not read.</summary>
    public static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
