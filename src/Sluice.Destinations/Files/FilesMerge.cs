using Sluice.Destinations.DuckDb;
using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Manifest;
using Sluice.Destinations.Merge;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Files;

/// <summary>Works out what a table's files become with the staged rows: which of them stay, and which rows new ones must hold.</summary>
internal sealed class FilesMerge
{
    private readonly StagedTable _staged;
    private readonly ITableFolder _folder;
    private readonly TableManifest _before;
    private readonly LiveFiles _live;
    private readonly DuckDbDialect _dialect;
    private readonly string _scratch;

    // Whether the rows of all files are worked on.
    private bool _all;

    public FilesMerge(StagedTable staged, ITableFolder folder, TableManifest before, string scratch)
    {
        _staged = staged;
        _folder = folder;
        _before = before;
        _scratch = scratch;
        _live = new LiveFiles(staged.Connection, staged.Target, before);
        _dialect = new DuckDbDialect(staged.Connection.Database);
    }

    /// <summary>What the load did.</summary>
    public LoadResult Result { get; private set; } = new();

    /// <summary>The table with the rows for new files.</summary>
    public string Rows { get; private set; } = "";

    /// <summary>The files that stay.</summary>
    public IReadOnlyList<DataFile> Kept { get; private set; } = [];

    /// <summary>Applies the load.</summary>
    /// <param name="checkpoint">What becomes true with it.</param>
    /// <param name="before">The format that the files have; null when there are none.</param>
    /// <param name="makesAllAnew">Whether no file can stay, since files are to be made in another way.</param>
    /// <param name="cancel">Stops between statements.</param>
    public Task ApplyAsync(Checkpoint checkpoint, ITableFormat? before, bool makesAllAnew, CancellationToken cancel) =>
        _staged.Target.Strategy == Strategy.Replace || !_before.HasTable
            ? ReplaceAsync(checkpoint, before, cancel)
            : ChangeAsync(checkpoint, before!, makesAllAnew, cancel);

    /// <summary>Leaves nothing but the staged rows in the stage.</summary>
    public Task CleanAsync(CancellationToken cancel) => _live.DropAsync(Part, cancel);

    // The rows of the files that may change, as a table.
    private string Part => _dialect.Table(_staged.Target.Schema, _staged.Target.Table);

    private MergeContext Context(Checkpoint checkpoint) =>
        new(_dialect, DuckDbDialect.SessionOn(_staged.Connection), _staged, checkpoint, Writer: null);

    private async Task ReplaceAsync(Checkpoint checkpoint, ITableFormat? before, CancellationToken cancel)
    {
        var context = Context(checkpoint) with { Whole = _live.Whole };
        if (context.Plan(_live.Types).Compares)
        {
            await _live.OpenAsync(_folder, before!, _scratch, cancel);
        }

        Result = await new TableReplacement(context).GatherAsync(_live.Types, cancel);
        Rows = _staged.Name;
    }

    private async Task ChangeAsync(Checkpoint checkpoint, ITableFormat before, bool makesAllAnew, CancellationToken cancel)
    {
        var context = Context(checkpoint);
        await OpenAsync(before, makesAllAnew, cancel);
        context = context with { Unknown = await TakeOverAsync(context, cancel) };
        var changed = await PartAsync(context, cancel);
        Kept = [.. _before.Files.Where(file => changed is not null && !changed.Contains(file.Path))];

        // When all rows are in the part, its columns are the ones that change with the schema.
        var result = await new TableMerge(changed is null || !Looks ? context : context with { Whole = _live.Whole }).ChangeAsync(
            _live.Types, cancel);
        Result = result with { TableRows = result.TableRows + Kept.Sum(file => file.Rows - file.Marked) };
        Rows = Part;
    }

    // Without a key nothing is the same row: rows are only added, and nothing needs to be read for that.
    private bool Looks => _staged.Target.PrimaryKey.Count > 0 || _staged.Target.Strategy == Strategy.DeleteInsert;

    private async Task OpenAsync(ITableFormat before, bool makesAllAnew, CancellationToken cancel)
    {
        var staged = await _staged.ReadColumnsAsync(cancel);
        _all = makesAllAnew || staged.Any(column => !Takes(column.Key, column.Value));
        if (Looks || _all)
        {
            await _live.OpenAsync(_folder, before, _scratch, cancel);
        }
    }

    // Which files change depends on what rows take over from them.
    private async Task<long> TakeOverAsync(MergeContext context, CancellationToken cancel) => Looks
        ? await new TableMerge(context with { Whole = _live.Whole }).TakeOverAsync(await SqlAsync(_live.Columns.ContainsKey, cancel), cancel)
        : 0;

    // The files whose rows are in the part; null when all are.
    private async Task<IReadOnlySet<string>?> PartAsync(MergeContext context, CancellationToken cancel)
    {
        var changed = _all ? null : Looks ? await _live.ChangedAsync(await SqlAsync(_ => true, cancel), context, cancel) : new HashSet<string>();
        await _live.CreatePartAsync(Part, changed, cancel);
        return changed;
    }

    private async Task<MergeSql> SqlAsync(Func<string, bool> takes, CancellationToken cancel) =>
        new(_dialect, _live.Whole, _staged.Name, [.. (await _staged.ReadColumnsAsync(cancel)).Keys.Where(takes)], _staged.Target.PrimaryKey);

    // Every file of a table has the same columns, so that any reader can read them together.
    private bool Takes(string column, string type) =>
        _live.Columns.TryGetValue(column, out var had) && (had == type || SqlType.Parse(had) == ColumnType.Text);
}
