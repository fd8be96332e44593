using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine;

namespace Sluice.Writes.Import;

/// <summary>Waits until Customer.io has what was sent.</summary>
/// <param name="patience">How long it is waited for.</param>
/// <param name="time">The clock.</param>
/// <param name="notThereYet">Is told how many rows are not yet as they were sent.</param>
internal sealed class Settling(TimeSpan patience, TimeProvider time, Action<int> notThereYet)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    /// <summary>What differs still.</summary>
    public IReadOnlyList<Difference> Different { get; private set; } = [];

    public TimeSpan Waited { get; private set; }

    /// <summary>Why not all could be compared.</summary>
    public string? Problem { get; set; }

    /// <summary>The numbers of the rows that differ.</summary>
    public IEnumerable<long> Rows => Different.Select(one => one.Row.Item.Row).Distinct();

    /// <summary>Compares again and again, with growing pauses, for changes are queued.</summary>
    public async Task SettleAsync(Func<CancellationToken, Task<IReadOnlyList<Difference>>> compare, CancellationToken cancel)
    {
        Different = await compare(cancel);
        for (var wait = TimeSpan.FromSeconds(1); Different.Count > 0 && Waited < patience; wait = Shorter(wait * 2, LongestWait))
        {
            wait = Shorter(wait, patience - Waited);
            notThereYet(Rows.Count());
            await Task.Delay(wait, time, cancel);
            Waited += wait;
            Different = await compare(cancel);
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

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>Writes down what Customer.io does not get.</summary>
internal sealed class DifferenceReport(ImportSettings settings, IReadOnlyList<SourceFile> files, TimeProvider time, ImportProgress progress)
{
    private const int Shown = 3;

    /// <summary>What is compared, until it is there.</summary>
    public Settling Settling { get; } = new(settings.VerifyPatience, time, rows => progress.NotThereYet = rows);

    /// <summary>Compares the rows of a collection.</summary>
    public async Task<VerificationReport> OfCollectionAsync(CollectionImport collection, Batch batch, CancellationToken cancel)
    {
        await Settling.TryAsync(() => Settling.SettleAsync(stop => collection.CompareAsync(batch, stop), cancel));
        return Write(isSample: false, batch.Items.Count);
    }

    /// <summary>Writes what differs, with personal data, into a file of its owner's, and tells the rest.</summary>
    /// <exception cref="SluiceException">The file can't be written (kind Config).</exception>
    public VerificationReport Write(bool isSample, long rows)
    {
        using var file = new PrivateFile(settings.UnverifiedPath, VerificationReport.Header, VerificationReport.Holds);
        foreach (var (row, attribute, reason) in Settling.Different)
        {
            var line = row.Item.Line.ToString(CultureInfo.InvariantCulture);
            file.Add(settings.Query?.Name ?? Path.GetFileName(files[row.Item.File].Path), line, row.Identifier, attribute, reason);
        }

        if (Settling.Different.Count > 0)
        {
            file.Complete();
        }

        return new VerificationReport
        {
            IsSample = isSample,
            Rows = rows,
            Different = Settling.Rows.Count(),
            First = [.. Settling.Different.Take(Shown).Select(one => PlaceOf(one))],
            Waited = Settling.Waited,
            Problem = Settling.Problem,
        };
    }

    private RejectedRow PlaceOf(Difference one)
    {
        var row = new RejectedRow(one.Row.Item.Line, one.Attribute, "");
        return settings.Query is null ? row : row with { Place = $"row {one.Row.Item.Line.ToString(CultureInfo.InvariantCulture)}" };
    }
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
