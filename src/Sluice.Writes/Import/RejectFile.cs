using System.Globalization;
using System.Text;
using Sluice.Engine;

namespace Sluice.Writes.Import;

/// <summary>The rows that were not taken, each with its line, its column and why: made with the first one, and its owner's alone.</summary>
internal sealed class RejectFile(string? path, IReadOnlyList<SourceFile> files) : IDisposable
{
    private const int Kept = 5;

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
                _file ??= Open(path);
                _file.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture, $"{Quoted(Path.GetFileName(files[file].Path))},{line},{Quoted(column)},{Quoted(reason)}"));
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    private static StreamWriter Open(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            var writer = new StreamWriter(file, new UTF8Encoding(false)) { NewLine = "\n" };
            writer.WriteLine("file,line,column,reason");
            return writer;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"The file of rejected rows {path} can't be written: {error.Message}", "--rejects names another one.", error);
        }
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>A row that was not taken.</summary>
/// <param name="Line">Its line in the file, or its number where there are no lines.</param>
/// <param name="Column">The column, or the field that Customer.io names; "" when it is about the whole row.</param>
/// <param name="Reason">Why, in the words that follow the column's name.</param>
public sealed record RejectedRow(long Line, string Column, string Reason);
