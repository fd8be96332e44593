using Sluice.Writes.Journal;

namespace Sluice.Writes.Push;

/// <summary>The journals of one push: one for each run that sends something.</summary>
internal sealed class PushJournals(PushSettings settings, TimeProvider time)
{
    private readonly JournalFolder _journals = new(settings.Import.WorkFolder);

    private string Source => $"push {settings.Name}";

    /// <summary>Takes over what is known of a run that was killed; gives its journal, or null when there was none.</summary>
    public async Task<JournalState?> TakeOverAsync(PushStore store, bool isWhole, CancellationToken cancel)
    {
        var all = _journals.List();
        await store.ForgetUnknownAsync(all.Select(one => one.Id), cancel);
        if (await store.BegunAsync(cancel) is not { } token)
        {
            return null;
        }

        var former = all.FirstOrDefault(one => one.Plan.Fingerprint == token);
        if (former is { IsComplete: false })
        {
            await using var journal = await _journals.OpenAsync(former.Plan, again: false, time);
            await journal.AppendAsync(new JournalEntry { Kind = JournalEntry.End, Rows = former.RefusedRows });
        }

        await store.TakeOverAsync(former, isWhole, []);
        return former;
    }

    /// <summary>Begins to send what is pending.</summary>
    public async Task<WriteJournal> BeginAsync(PushStore store, bool isRepeatable, CancellationToken cancel)
    {
        var token = JournalFolder.Hash($"{Source}\n{settings.Import.Workspace}\n{Guid.NewGuid()}");
        await store.BeginAsync(token, cancel);
        return await _journals.OpenAsync(new JournalPlan(token, Source, settings.Import.Target, isRepeatable), again: false, time);
    }

    /// <summary>Where the former rows of a collection are kept.</summary>
    public string FormerContentOf(string journal) => _journals.FormerContentOf(journal);

    /// <summary>Removes the journals of earlier runs that nobody will ask for.</summary>
    public void ForgetOld() => _journals.ForgetOld(Source, settings.Import.Target);
}
