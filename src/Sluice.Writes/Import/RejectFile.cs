using System.Globalization;
using System.Text;
using Sluice.Engine;

namespace Sluice.Writes.Import;

/// <summary>The rows that were not taken, each with its line, its column and why: made with the first one, and its owner's alone.</summary>
internal sealed class RejectFile(string? path, IReadOnlyList<SourceFile> files) : IDisposable
{
    private const int Kept = 5;
    private const string Header = "file,line,column,reason";

    private readonly Lock _gate = new();
    private readonly List<RejectedRow> _first = [];
    private StreamWriter? _file;

    public long Count { get; private set; }

    /// <summary>The first ones, to be shown.</summary>
    public IReadOnlyList<RejectedRow> First => _first;

    public void Add(int file, long line, string column, string reason)
    {
        lock (_gate)
        {
            Count++;
            if (_first.Count < Kept)
            {
                _first.Add(new RejectedRow(line, column, reason));
            }

            if (path is not null)
            {
                Writing(() => (_file ??= Open(path)).WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{Quoted(Path.GetFileName(files[file].Path))},{line},{Quoted(column)},{Quoted(reason)}")));
            }
        }
    }

    /// <summary>Brings the rows to the disk.</summary>
    /// <exception cref="SluiceException">The disk does not take them (kind Config).</exception>
    public void Complete() => Writing(() => _file?.Flush());

    /// <summary>Sees that no file of somebody else's would be written over.</summary>
    /// <exception cref="SluiceException">There is one (kind Config).</exception>
    public static void RequireOwn(string path)
    {
        if (File.Exists(path) && new FileInfo(path).Length > 0 && File.ReadLines(path).First() != Header)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{path} is there and holds something else than rejected rows: nothing was sent.",
                "--rejects names another file for the rows that are not taken.");
        }
    }

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
                $"The file of rejected rows {path} can't be written: {error.Message}",
                "--rejects names another one; the same command then goes on.",
                error);
        }
    }

    private static StreamWriter Open(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var writer = new StreamWriter(new FileStream(path, options), new UTF8Encoding(false)) { NewLine = "\n" };
        if (!OperatingSystem.IsWindows() && !path.StartsWith("/dev/", StringComparison.Ordinal))
        {
            // Of a file that was there with other rights.
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        writer.WriteLine(Header);
        return writer;
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>A row that was not taken.</summary>
/// <param name="Line">Its line in the file, or its number where there are no lines.</param>
/// <param name="Column">The column, or the field that Customer.io names; "" when it is about the whole row.</param>
/// <param name="Reason">Why, in the words that follow the column's name.</param>
public sealed record RejectedRow(long Line, string Column, string Reason);
