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
        _settings.Query?.Name ?? (_settings.Source == "-" ? "standard input" : Path.GetFileName(_settings.Source)),
        _settings.Target,
        Mapping.IsRepeatable)
    {
        Spool = _settings.Query is null ? null : _settings.SpoolName,
    };

    private ReadBack ReadBack => new(_client, Mapping.Operation, Mapping.IdentifierKind, _target.RouteValues);

    private bool IsReadBack => _settings.Verify != VerifyMode.None && ReadBack.CanRead(Mapping.Operation.Name);

    /// <summary>Goes through the source once and finds out which column becomes what; nothing is sent.</summary>
    /// <exception cref="SluiceException">The source can't be read, the target is none, or the mapping is wrong (kind Config).</exception>
    public static async Task<ImportRun> PrepareAsync(ImportSettings settings, CustomerIoClient client, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(client);
        var target = await ImportTarget.FindAsync(settings, client, cancel);
        var scratch = Path.Combine(settings.WorkFolder, "writes");
        var source = await ImportSource.OpenAsync(settings, scratch, cancel);
        try
        {
            var survey = await source.SurveyAsync(cancel);
            var mistakes = new ValidationErrors();
            var mapping = ImportMapping.Make(target.Operation, survey.Columns, settings, mistakes);
            mistakes.ThrowIfAny();
            survey = survey with { Clashes = await source.ClashesAsync(mapping, cancel) };
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
        using var rejects = RejectsOf(null);
        var batches = BatchesOf(rejects);
        var (sent, requests, bytes, samples) = (0L, 0, 0L, new List<string>());
        await foreach (var batch in batches.ReadAsync(cancel))
        {
            requests++;
            sent += batch.Items.Count;
            bytes += batch.Body.Length;
            samples.AddRange(samples.Count == 0 ? batch.Samples(Samples) : []);
        }

        var former = Journals.Former(Intent, _settings.IsAgain);
        var readBack = IsReadBack ? _settings.Verify == VerifyMode.Sample ? Math.Min(sent, ReadBack.SampleRows) : sent : 0;
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
            Warnings = [.. Notes(), .. batches.Warnings],
            ReadBackRows = readBack,
            ReadBackRequests = readBack == 0 ? 0 : ReadBack.Requests(readBack),
            CanReadBack = ReadBack.CanRead(Mapping.Operation.Name),
        };
    }

    /// <summary>What would be destroyed, which somebody must agree to; null for nothing.</summary>
    public async Task<Destruction?> DestructionAsync(CancellationToken cancel)
    {
        var what = $"{Mapping.Operation.Doc}: {_survey.Rows} rows. {Mapping.Operation.Undone}";
        if (!_target.IsCollection)
        {
            return Mapping.Operation.IsDestroying ? new Destruction(_survey.Rows, what) : null;
        }

        var collection = new CollectionImport(_client, _target);
        using var rejects = RejectsOf(null);
        var vanishing = await collection.VanishingAsync(await collection.ReadAsync(BatchesOf(rejects).ReadAsync(cancel)), cancel);
        return vanishing == 0 ? null : new Destruction(vanishing, $"{what} {vanishing} rows that the collection has now are not among the new ones.");
    }

    /// <summary>Sends what is not sent yet, and reads back what was sent.</summary>
    /// <param name="cancel">Lets no further request begin; those that are on their way are waited for.</param>
    /// <exception cref="SluiceException">The journal or the file of rejected rows can't be written, or Customer.io can't be reached.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; the same import goes on later.</exception>
    public async Task<ImportReport> RunAsync(CancellationToken cancel)
    {
        var started = _time.GetTimestamp();
        await using var journal = await Journals.OpenAsync(Intent, _settings.IsAgain, _time);
        if (journal.State.IsComplete)
        {
            var again = _settings.IsVerifyGiven && !_target.IsCollection ? await VerifyAsync(null, journal.State, cancel) : null;
            return Report(journal.State) with { WasComplete = true, Rows = _survey.Rows + _survey.BadLines.Count, Verification = again };
        }

        using var rejects = RejectsOf(_settings.RejectsPath);
        rejects.RequireOwn();
        using (var unverified = new PrivateFile(_settings.UnverifiedPath, VerificationReport.Header, VerificationReport.Holds))
        {
            unverified.RequireOwn();
        }

        _source.Keep();
        var batches = BatchesOf(rejects);
        var sender = new Sender(_client, _target.Operation, Mapping.IsRepeatable)
        {
            RouteValues = _target.RouteValues,
            Query = _target.Query(Mapping),
            Api = _target.Api,
        };
        var report = _target.IsCollection
            ? await ReplaceAsync(journal, sender, batches, rejects, cancel)
            : await SendAsync(journal, sender, batches, rejects, cancel);
        return report with
        {
            Rows = batches.Rows + _survey.BadLines.Count,
            Merged = batches.Merged,
            Rejected = rejects.Count,
            FirstRejected = rejects.First,
            Duration = _time.GetElapsedTime(started),
            Warnings = [.. batches.Warnings],
        };
    }

    private async Task<ImportReport> SendAsync(
        WriteJournal journal, Sender sender, Batches batches, RejectFile rejects, CancellationToken cancel)
    {
        var dispatch = new Dispatch(journal, sender, Mapping.IsRepeatable, rejects, Progress);
        var verification = IsReadBack ? VerificationOf(journal.State) : null;
        var all = batches.ReadAsync(cancel);
        await dispatch.SendAllAsync(verification is null ? all : verification.SampleAsync(all, _survey.Rows), cancel);
        await EndAsync(journal, rejects);
        return Report(journal.State) with
        {
            Requests = dispatch.Requests,
            AlreadyDone = dispatch.AlreadyDone,
            Verification = await VerifyAsync(verification, journal.State, cancel),
        };
    }

    private async Task<ImportReport> ReplaceAsync(
        WriteJournal journal, Sender sender, Batches batches, RejectFile rejects, CancellationToken cancel)
    {
        var collection = new CollectionImport(_client, _target);
        var former = Journals.FormerContentOf(journal.State.Id);
        var batch = await collection.ReadAsync(batches.ReadAsync(cancel));
        var outcome = await collection.ReplaceAsync(journal, sender, batch, former, cancel);
        foreach (var item in batch.Items.Where(_ => outcome.State == SendState.Refused))
        {
            rejects.Add(item.File, item.Line, "", $"Customer.io has refused the request: {outcome.Reason}", item.Key);
        }

        if (outcome.State != SendState.Unknown)
        {
            await EndAsync(journal, rejects);
        }

        var differences = new DifferenceReport(_settings, _source.Files, _time, Progress);
        return Report(journal.State) with
        {
            Requests = 1,
            FormerContent = File.Exists(former) ? former : null,
            Verification = outcome.State == SendState.Done && IsReadBack ? await differences.OfCollectionAsync(collection, batch, cancel) : null,
        };
    }

    private async Task EndAsync(WriteJournal journal, RejectFile rejects)
    {
        rejects.Complete();
        await journal.AppendAsync(new JournalEntry { Kind = JournalEntry.End, Rows = rejects.Count });
        Journals.ForgetRows(journal.State.Plan);
    }

    private async Task<VerificationReport?> VerifyAsync(Verification? sampled, JournalState journal, CancellationToken cancel)
    {
        if (!IsReadBack)
        {
            return null;
        }

        if (_settings.Verify == VerifyMode.Sample && sampled is not null)
        {
            return await sampled.CheckSampleAsync(cancel);
        }

        using var rejects = RejectsOf(null);
        var verification = VerificationOf(journal);
        var all = BatchesOf(rejects).ReadAsync(cancel);
        if (_settings.Verify == VerifyMode.All)
        {
            return await verification.CheckAllAsync(all, cancel);
        }

        await foreach (var batch in verification.SampleAsync(all, _survey.Rows))
        {
            cancel.ThrowIfCancellationRequested();
        }

        return await verification.CheckSampleAsync(cancel);
    }

    private Verification VerificationOf(JournalState journal) =>
        new(ReadBack, journal, new DifferenceReport(_settings, _source.Files, _time, Progress), Progress);

    private RejectFile RejectsOf(string? path) => new(path, _source.Files, _settings.Query?.Name, hasKeys: _settings.Query is not null);

    private Batches BatchesOf(RejectFile rejects) => new(_source, _survey, Mapping, _settings, rejects);

    private IEnumerable<string> Notes() =>
        _target.NewName is { } name ? [$"There is no collection '{name}': it is made."] : [];

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

/// <summary>What an import would destroy.</summary>
/// <param name="Rows">The number that somebody must say to agree.</param>
/// <param name="What">What is lost, in sentences.</param>
public sealed record Destruction(long Rows, string What);
