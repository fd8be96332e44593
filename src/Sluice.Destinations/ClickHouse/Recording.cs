using Sluice.Engine.Load;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Writes the books of loads whose rows are visible. Doing it twice, or by two at once, changes nothing.</summary>
internal sealed class Recording(ClickHousePlace place)
{
    private readonly BookReader _books = new(place);
    private readonly BookWriter _writer = new(place);

    /// <summary>Writes the books for every load that was stopped between its rows and its books.</summary>
    public async Task FinishAsync(CancellationToken cancel)
    {
        foreach (var note in await _books.UnrecordedAsync(cancel))
        {
            if (await IsVisibleAsync(note, cancel))
            {
                await RecordAsync(note, cancel);
            }
        }
    }

    /// <summary>Counts the table's rows and writes mapping, state and, last, the ledger.</summary>
    public async Task<LoadResult> RecordAsync(LoadNote note, CancellationToken cancel)
    {
        var live = await place.ReadAsync(note.Table, cancel);
        var result = note.Result with { TableRows = live is null ? 0 : await live.CountAsync(place.Client, cancel) };
        await _writer.MappingAsync(note, cancel);
        await _writer.StateAsync(note, cancel);
        await _writer.LedgerAsync(note, result, cancel);
        return result;
    }

    private async Task<bool> IsVisibleAsync(LoadNote note, CancellationToken cancel) => note.Step == VisibleStep.Nothing
        || (await place.ReadAsync(note.Table, cancel) is { IsOurs: true } live && (note.Step == VisibleStep.Empty
            ? await place.Client.CountAsync($"SELECT count() FROM {live.Name}", cancel) == 0
            : await live.VersionAsync(place.Client, cancel) == note.Version));
}
