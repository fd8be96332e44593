using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine;

namespace Sluice.Writes.Import;

/// <summary>Waits until Customer.io has what was sent, and writes down what it does not get.</summary>
internal sealed class DifferenceReport(ImportSettings settings, IReadOnlyList<SourceFile> files, TimeProvider time, ImportProgress progress)
{
    private const int Shown = 3;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private IReadOnlyList<Difference> _different = [];
    private TimeSpan _waited;

    /// <summary>Why not all could be compared.</summary>
    public string? Problem { get; set; }

    /// <summary>The numbers of the rows that differ.</summary>
    public IEnumerable<long> Rows => _different.Select(one => one.Row.Item.Row).Distinct();

    /// <summary>Compares again and again, with growing pauses, for changes are queued.</summary>
    public async Task SettleAsync(Func<CancellationToken, Task<IReadOnlyList<Difference>>> compare, CancellationToken cancel)
    {
        _different = await compare(cancel);
        for (var wait = TimeSpan.FromSeconds(1); _different.Count > 0 && _waited < settings.VerifyPatience; wait = Shorter(wait * 2, LongestWait))
        {
            wait = Shorter(wait, settings.VerifyPatience - _waited);
            progress.NotThereYet = DifferentRows();
            await Task.Delay(wait, time, cancel);
            _waited += wait;
            _different = await compare(cancel);
        }
    }

    /// <summary>Lets what can't be read back be no failure of what was sent.</summary>
    public async Task TryAsync(Func<Task> check)
    {
        try
        {
            await check();
        }
        catch (CustomerIoException error)
        {
            Problem = $"{error.Message} {error.Hint}".TrimEnd();
        }
        catch (OperationCanceledException)
        {
            Problem = "Reading back was stopped.";
        }
    }

    /// <summary>Compares the rows of a collection.</summary>
    public async Task<VerificationReport> OfCollectionAsync(CollectionImport collection, Batch batch, CancellationToken cancel)
    {
        await TryAsync(() => SettleAsync(stop => collection.CompareAsync(batch, stop), cancel));
        return Write(isSample: false, batch.Items.Count);
    }

    /// <summary>Writes what differs, with personal data, into a file of its owner's, and tells the rest.</summary>
    /// <exception cref="SluiceException">The file can't be written (kind Config).</exception>
    public VerificationReport Write(bool isSample, long rows)
    {
        using var file = new PrivateFile(settings.UnverifiedPath, VerificationReport.Header, VerificationReport.Holds);
        foreach (var (row, attribute, reason) in _different)
        {
            var line = row.Item.Line.ToString(CultureInfo.InvariantCulture);
            file.Add(Path.GetFileName(files[row.Item.File].Path), line, row.Identifier, attribute, reason);
        }

        if (_different.Count > 0)
        {
            file.Complete();
        }

        return new VerificationReport
        {
            IsSample = isSample,
            Rows = rows,
            Different = DifferentRows(),
            First = [.. _different.Take(Shown).Select(one => new RejectedRow(one.Row.Item.Line, one.Attribute, ""))],
            Waited = _waited,
            Problem = Problem,
        };
    }

    private int DifferentRows() => Rows.Count();

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>What reading back has shown.</summary>
public sealed record VerificationReport
{
    internal const string Header = "file,line,identifier,attribute,reason";
    internal const string Holds = "rows that were not read back as they were sent";

    /// <summary>Whether only some rows were compared.</summary>
    public bool IsSample { get; init; }

    /// <summary>Rows that were compared.</summary>
    public long Rows { get; init; }

    /// <summary>Rows that are not in Customer.io as they were sent.</summary>
    public int Different { get; init; }

    /// <summary>Line and attribute of the first of those, without values, which may be personal data.</summary>
    public IReadOnlyList<RejectedRow> First { get; init; } = [];

    /// <summary>How long Customer.io's queue was waited for.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>Why rows could not be read back, or not all of them; null when they were.</summary>
    public string? Problem { get; init; }
}
