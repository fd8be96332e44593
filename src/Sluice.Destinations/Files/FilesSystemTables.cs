using Sluice.Destinations.Files.Manifest;
using Sluice.Engine.Load;
using Sluice.Engine.State;

namespace Sluice.Destinations.Files;

/// <summary>The book-keeping of a schema of files: the state of a table is in its manifest, and each run has a document of its own.</summary>
internal sealed class FilesSystemTables(IFileStore store, string schema, string scratch) : ISystemTables
{
    public async Task<IReadOnlyList<TableState>> ReadStatesAsync(CancellationToken cancel)
    {
        var states = new List<TableState>();
        foreach (var folder in await store.TablesAsync(schema, cancel))
        {
            if (await folder.ReadAsync(cancel) is { HasTable: true, State: { } state } manifest)
            {
                states.Add(state.State(manifest.Table));
            }
        }

        return [.. states.OrderBy(state => state.Table, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<LoadedTable>> ReadLoadedAsync(CancellationToken cancel)
    {
        var loaded = new List<LoadedTable>();
        foreach (var folder in await store.TablesAsync(schema, cancel))
        {
            if (await folder.ReadAsync(cancel) is { Ledger: [.., var last] } manifest)
            {
                loaded.Add(new LoadedTable(manifest.Table, last.Source, manifest.HasTable));
            }
        }

        return [.. loaded.OrderBy(table => table.Table, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<ColumnRow>> ReadColumnsAsync(CancellationToken cancel)
    {
        var columns = new List<ColumnRow>();
        foreach (var folder in await store.TablesAsync(schema, cancel))
        {
            if (await folder.ReadAsync(cancel) is { HasTable: true } manifest)
            {
                columns.AddRange(manifest.Fields.Select(field => new ColumnRow(manifest.Table, field.Mapped())));
            }
        }

        return columns;
    }

    public async Task WriteStateAsync(TableState state, DateTimeOffset at, CancellationToken cancel)
    {
        await using var change = await store.Table(schema, state.Table).ChangeAsync(scratch, cancel);
        var before = change.Before ?? new TableManifest { Schema = schema, Table = state.Table };
        await change.CommitAsync(before with { State = ManifestState.Of(state, at) }, cancel);
    }

    public async Task<int> ResetStateAsync(string? table, CancellationToken cancel)
    {
        var folders = table is null ? await store.TablesAsync(schema, cancel) : [store.Table(schema, table)];
        var forgotten = 0;
        foreach (var folder in folders)
        {
            forgotten += await ResetAsync(folder, cancel) ? 1 : 0;
        }

        return forgotten;
    }

    public async Task<IReadOnlyList<RunRecord>> ReadRunsAsync(int most, CancellationToken cancel)
    {
        var runs = new List<RunRecord>();
        foreach (var name in (await store.DocumentsAsync(schema, RunDocument.Folder, cancel)).Reverse().Take(most))
        {
            if (await store.ReadAsync(schema, RunDocument.Folder, name, cancel) is { } document)
            {
                runs.Add(ManifestJson.ReadRun(document, PlaceOf(store, name)).Record());
            }
        }

        return runs;
    }

    /// <summary>A run's document, as an error names it; in an object store its name can hold anything.</summary>
    public static string PlaceOf(IFileStore store, string name) => $"{store.Name}: {RunDocument.Folder}/{ManifestCheck.Shown(name)}";

    public Task RecordRunAsync(RunRecord run, CancellationToken cancel)
    {
        var kept = RunDocument.Of(run);
        return store.WriteAsync(schema, RunDocument.Folder, kept.FileName, ManifestJson.Write(kept), cancel);
    }

    // Looked at first: to ask for the state of a table that is not there must not make anything.
    private async Task<bool> ResetAsync(ITableFolder folder, CancellationToken cancel)
    {
        if (await folder.ReadAsync(cancel) is not { State: not null })
        {
            return false;
        }

        await using var change = await folder.ChangeAsync(scratch, cancel);
        if (change.Before is not { State: not null } before)
        {
            return false;
        }

        await change.CommitAsync(before with { State = null }, cancel);
        return true;
    }
}
