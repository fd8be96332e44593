using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Writes.Journal;
using Sluice.Writes.Sending;

namespace Sluice.Writes.Import;

/// <summary>
/// Brings the rows of a source into Customer.io. What it is about to send is in the journal before it leaves, so that after a kill the same import
/// goes on: what is done is not sent again, what may be repeated is, and the rest is named.
/// </summary>
public sealed class ImportRun : IAsyncDisposable
{
    private const int Samples = 3;

    private readonly ImportSettings _settings;
    private readonly CustomerIoClient _client;
    private readonly TimeProvider _time;
    private readonly ImportSource _source;
    private readonly SourceSurvey _survey;
    private readonly ImportTarget _target;

    private ImportRun(
        ImportSettings settings, CustomerIoClient client, TimeProvider time, ImportSource source, SourceSurvey survey, ImportTarget target,
        ImportMapping mapping)
    {
        (_settings, _client, _time, _source, _survey, _target, Mapping) = (settings, client, time, source, survey, target, mapping);
        Progress.All = survey.Rows;
    }

    /// <summary>Which column becomes what.</summary>
    public ImportMapping Mapping { get; }

    /// <summary>How far it is.</summary>
    public ImportProgress Progress { get; } = new();

    /// <summary>Rows that can be read.</summary>
    public long Rows => _survey.Rows;

    private JournalFolder Journals => new(_settings.WorkFolder);

    private JournalPlan Intent => new(
        JournalFolder.Hash(string.Join('\n', _source.Fingerprint, Mapping.Fingerprint, _settings.Target, _settings.ClearsNulls, _settings.Workspace)),
        _settings.Source == "-" ? "standard input" : Path.GetFileName(_settings.Source),
        _settings.Target,
        Mapping.IsRepeatable);

    /// <summary>Goes through the source once and finds out which column becomes what; nothing is sent.</summary>
    /// <exception cref="SluiceException">The source can't be read, the target is none, or the mapping is wrong (kind Config).</exception>
    public static async Task<ImportRun> PrepareAsync(ImportSettings settings, CustomerIoClient client, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(client);
        var target = await ImportTarget.FindAsync(settings, client, cancel);
        var scratch = Path.Combine(settings.WorkFolder, "writes");
        var source = await ImportSource.OpenAsync(settings.Source, settings.Folder, scratch, settings.Input, cancel);
        try
        {
            var survey = await source.SurveyAsync(cancel);
            var mistakes = new ValidationErrors();
            var mapping = ImportMapping.Make(target.Operation, survey.Columns, settings, mistakes);
            mistakes.ThrowIfAny();
            return new ImportRun(settings, client, time, source, survey, target, mapping);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says what would be sent, and sends nothing.</summary>
    public async Task<ImportPlan> PlanAsync(CancellationToken cancel)
    {
        using var rejects = new RejectFile(null, _source.Files);
        var batches = new Batches(_source, _survey, Mapping, _settings.ClearsNulls, rejects);
        var (sent, requests, bytes, samples) = (0L, 0, 0L, new List<string>());
        await foreach (var batch in batches.ReadAsync(cancel))
        {
            requests++;
            sent += batch.Items.Count;
            bytes += batch.Body.Length;
            samples.AddRange(samples.Count == 0 ? batch.Samples(Samples) : []);
        }

        var former = Journals.Former(Intent, _settings.IsAgain);
        return new ImportPlan
        {
            Mapping = Mapping,
            Call = $"{_target.Operation.Method} {_target.Route}",
            Rows = _survey.Rows + _survey.BadLines.Count,
            Sent = sent,
            Merged = batches.Merged,
            Rejected = rejects.Count,
            FirstRejected = rejects.First,
            Requests = requests,
            Done = former?.Batches.Count(one => one.Kind != JournalEntry.Sent) ?? 0,
            Bytes = bytes,
            Samples = samples,
            Warnings = [.. batches.Warnings],
        };
    }

    /// <summary>Sends what is not sent yet.</summary>
    /// <param name="cancel">Lets no further request begin; those that are on their way are waited for.</param>
    /// <exception cref="SluiceException">The journal or the file of rejected rows can't be written, or Customer.io can't be reached.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; the same import goes on later.</exception>
    public async Task<ImportReport> RunAsync(CancellationToken cancel)
    {
        var started = _time.GetTimestamp();
        await using var journal = await Journals.OpenAsync(Intent, _settings.IsAgain, _time);
        if (journal.State.IsComplete)
        {
            return Report(journal.State) with { WasComplete = true, Rows = _survey.Rows + _survey.BadLines.Count };
        }

        RejectFile.RequireOwn(_settings.RejectsPath);
        using var rejects = new RejectFile(_settings.RejectsPath, _source.Files);
        var batches = new Batches(_source, _survey, Mapping, _settings.ClearsNulls, rejects);
        var sender = new Sender(_client, _target.Operation, Mapping.IsRepeatable)
        {
            RouteValues = _target.RouteValues,
            Query = _target.Query(Mapping),
        };
        var dispatch = new Dispatch(journal, sender, Mapping.IsRepeatable, rejects, Progress);
        await dispatch.SendAllAsync(batches.ReadAsync(cancel), cancel);
        rejects.Complete();
        await journal.AppendAsync(new JournalEntry { Kind = JournalEntry.End, Rows = rejects.Count });
        return Report(journal.State) with
        {
            Rows = batches.Rows + _survey.BadLines.Count,
            Merged = batches.Merged,
            Rejected = rejects.Count,
            FirstRejected = rejects.First,
            Requests = dispatch.Requests,
            AlreadyDone = dispatch.AlreadyDone,
            Duration = _time.GetElapsedTime(started),
            Warnings = [.. batches.Warnings],
        };
    }

    /// <summary>Closes the source, and removes the copy of standard input.</summary>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static ImportReport Report(JournalState state) => new()
    {
        JournalId = state.Id,
        Began = state.Began,
        Taken = state.TakenRows,
        Unknown = state.UnknownRows,
        UnknownBatches = [.. state.UnknownBatches],
        Rejected = state.RejectedRows,
    };
}
