using System.Globalization;
using Sluice.Engine;

namespace Sluice.Writes.Import;

/// <summary>The rows that were not taken, each with its line, its column and why.</summary>
/// <param name="path">The file; null where none is written.</param>
/// <param name="files">The files that the rows come from.</param>
/// <param name="query">What the rows of a query are known by, whose own file nobody has seen; null for rows of files.</param>
/// <param name="hasKeys">Whether a row is known again by its key, and not by its place alone.</param>
internal sealed class RejectFile(string? path, IReadOnlyList<SourceFile> files, string? query, bool hasKeys) : IDisposable
{
    private const int Kept = 5;
    private const string Header = "file,line,column,reason";

    private readonly Lock _gate = new();
    private readonly List<RejectedRow> _first = [];
    private readonly PrivateFile? _file = path is null ? null : new PrivateFile(path, hasKeys ? Header + PrivateFile.OfKey : Header, "rejected rows");

    public long Count { get; private set; }

    /// <summary>The first ones, to be shown.</summary>
    public IReadOnlyList<RejectedRow> First => _first;

    public void Add(int file, long line, string column, string reason, string? key = null)
    {
        lock (_gate)
        {
            Count++;
            if (_first.Count < Kept)
            {
                var place = string.Create(CultureInfo.InvariantCulture, $"{(query is null ? "line" : "row")} {line}");
                _first.Add(new RejectedRow(line, column, reason) { Place = hasKeys && key is { Length: > 0 } ? $"{place} ({key})" : place });
            }

            var (name, number) = (query ?? Path.GetFileName(files[file].Path), line.ToString(CultureInfo.InvariantCulture));
            if (hasKeys)
            {
                _file?.Add(name, number, column, reason, key ?? "");
            }
            else
            {
                _file?.Add(name, number, column, reason);
            }
        }
    }

    /// <summary>Adds the lines that were passed because they can't be read.</summary>
    public void AddPassed(SourceRow place)
    {
        foreach (var bad in place.Passed)
        {
            Add(bad.File, bad.Line, "", $"The line can't be read: {bad.Reason}");
        }

        place.Passed.Clear();
    }

    /// <summary>Sees that no file of somebody else's would be written over.</summary>
    /// <exception cref="SluiceException">There is one (kind Config).</exception>
    public void RequireOwn() => _file?.RequireOwn();

    /// <summary>Brings the rows to the disk.</summary>
    /// <exception cref="SluiceException">The disk does not take them (kind Config).</exception>
    public void Complete() => _file?.Complete();

    public void Dispose() => _file?.Dispose();
}

/// <summary>A row that was not taken.</summary>
/// <param name="Line">Its line in the file, or its number where there are no lines.</param>
/// <param name="Column">The column, or the field that Customer.io names; "" when it is about the whole row.</param>
/// <param name="Reason">Why, in the words that follow the column's name.</param>
public sealed record RejectedRow(long Line, string Column, string Reason)
{
    /// <summary>Where it stands: its line, or its place among the rows of a query, with its key where it has one.</summary>
    public string Place { get; init; } = string.Create(CultureInfo.InvariantCulture, $"line {Line}");
}
