using System.Globalization;
using Sluice.Engine;

namespace Sluice.Writes.Import;

/// <summary>The rows that were not taken, each with its line, its column and why.</summary>
internal sealed class RejectFile(string? path, IReadOnlyList<SourceFile> files) : IDisposable
{
    private const int Kept = 5;
    private const string Header = "file,line,column,reason";

    private readonly Lock _gate = new();
    private readonly List<RejectedRow> _first = [];
    private readonly PrivateFile? _file = path is null ? null : new PrivateFile(path, Header, "rejected rows");

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

            _file?.Add(Path.GetFileName(files[file].Path), line.ToString(CultureInfo.InvariantCulture), column, reason);
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
public sealed record RejectedRow(long Line, string Column, string Reason);
