using DuckDB.NET.Data;
using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Manifest;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Files;

/// <summary>
/// Brings staged rows into the files of one table. The manifest that names them holds state and ledger too: to replace it is the commit.
/// </summary>
internal sealed class FilesWriter(ITableFolder folder, LoadTarget target, FileSettings settings) : ITargetWriter
{
    private readonly ITableFormat _format = settings.Format();
    private readonly string _scratch = Path.Combine(target.StageFolder, "files", PathNames.Safe(target.Schema), PathNames.Safe(target.Table));

    public bool IsWrittenByDuckDb => true;

    public bool GathersRows => _format.GathersRows;

    public NameRules Names => settings.Names;

    public string? UnsupportedWhen(string column, ColumnType type) => _format.CannotHold(column, type);

    public async Task<LiveTable> DescribeAsync(CancellationToken cancel)
    {
        if (await folder.ReadAsync(cancel) is not { } manifest)
        {
            return LiveTable.None;
        }

        AssertSameFormat(manifest);
        return new LiveTable
        {
            Columns = new OrderedDictionary<string, ColumnType>(
                manifest.Columns.Select(column => KeyValuePair.Create(column.Name, SqlType.Parse(column.Type))), StringComparer.OrdinalIgnoreCase),
            Mapping = ColumnMapping.OfFields(manifest.Fields.Select(field => field.Mapped())),
            LongIntegers = manifest
                .Columns.Where(column => column.HasLongIntegers)
                .Select(column => column.Name)
                .ToHashSet(StringComparer.OrdinalIgnoreCase),
            Committed = manifest.ResultOf(target.LoadId),
            Epoch = manifest.Epoch,
        };
    }

    public async Task<long> CountAsync(CancellationToken cancel) => (await folder.ReadAsync(cancel))?.LiveRows ?? 0;

    public async Task<LoadResult?> WriteAsync(StagedTable staged, Checkpoint checkpoint, CancellationToken cancel)
    {
        ClearScratch();
        await using var change = await folder.ChangeAsync(Path.Combine(_scratch, "new"), cancel);
        var before = change.Before ?? new TableManifest { Schema = target.Schema, Table = target.Table };
        if (before.ResultOf(target.LoadId) is { } done)
        {
            return done;
        }

        if (target.OnlyKnown && !before.HasTable)
        {
            return new LoadResult();
        }

        staged.RequireEpoch(before.Epoch);
        AssertSameFormat(before);
        RequireFreeKeys(before);
        var (after, result) = await MakeAsync(staged, checkpoint, before, change, cancel);
        await change.CommitAsync(after, cancel);
        return result;
    }

    public ValueTask DisposeAsync()
    {
        ClearScratch();
        return ValueTask.CompletedTask;
    }

    private async Task<(TableManifest After, LoadResult Result)> MakeAsync(
        StagedTable staged, Checkpoint checkpoint, TableManifest before, ITableChange change, CancellationToken cancel)
    {
        var columns = new OrderedDictionary<string, string>(
            before
                .Columns.Select(column => KeyValuePair.Create(column.Name, column.Type))
                .Concat(await staged.ReadColumnsAsync(cancel))
                .DistinctBy(column => column.Key, StringComparer.OrdinalIgnoreCase),
            StringComparer.OrdinalIgnoreCase);
        var partitions = Partition.Applying(settings.Partitions, columns);
        var layout = settings.Layout with { PartitionBy = Partition.Write(partitions) };
        var merge = new FilesMerge(staged, folder, before, _scratch);
        var longest = (await LongRows.OfAsync(staged.Connection, staged.Name, cancel)).Longest;
        await merge.ApplyAsync(checkpoint, before.Layout is { } had ? settings.Format(had) : null, before.Layout != layout, cancel);
        var result = merge.Result with { Doubled = staged.Counts.Doubled, Rejected = staged.Counts.Rejected };

        var written = new WrittenRows(staged.Connection, merge.Rows);
        var after = await written.DescribeAsync(before, merge.Kept, await FieldsAsync(before, staged, checkpoint, cancel), cancel);
        var writer = new DataFileWriter(
            staged.Connection, _format, change.NewFiles, PathNames.NewFile(target.LoadedAt), settings.RowsInFile, longest);
        after = await WriteAsync(writer, merge, after, partitions, cancel);
        after = after with
        {
            Layout = layout,
            WrittenAt = target.LoadedAt,
            Rejects = [.. before.Rejects, .. await RejectsAsync(staged, change, cancel)],
        };
        await merge.CleanAsync(cancel);
        if (checkpoint.State is { } state)
        {
            after = after with { State = ManifestState.Of(state, target.LoadedAt) };
        }

        result = result with { TableRows = after.LiveRows };
        return (after.WithLoad(ManifestLoad.Of(target, checkpoint.Ledger, result)), result);
    }

    private async Task<TableManifest> WriteAsync(
        DataFileWriter writer, FilesMerge merge, TableManifest after, IReadOnlyList<Partition> partitions, CancellationToken cancel)
    {
        try
        {
            IReadOnlyList<TypedColumn> columns = [.. after.Columns.Select(column => new TypedColumn(column.Name, column.Type))];
            IReadOnlyList<DataFile> files = [.. merge.Kept, .. await writer.WriteAsync(merge.Rows, columns, partitions, cancel)];
            return after with { Files = files.Count > 0 ? files : [await writer.WriteEmptyAsync(merge.Rows, columns, cancel)] };
        }
        catch (DuckDBException error)
        {
            throw FileErrors.Writing($"{target.Schema}.{target.Table}", folder.Name, error);
        }
    }

    private static async Task<IReadOnlyList<ManifestField>> FieldsAsync(
        TableManifest before, StagedTable staged, Checkpoint checkpoint, CancellationToken cancel)
    {
        var known = before.Fields.Select(field => field.Mapped()).ToList();
        return [.. ColumnMapping.Merge(known, await staged.ReadMappingAsync(cancel), checkpoint).Select(ManifestField.Of)];
    }

    private async Task<IReadOnlyList<RejectsFile>> RejectsAsync(StagedTable staged, ITableChange change, CancellationToken cancel)
    {
        if (staged.Counts.Rejected == 0)
        {
            return [];
        }

        // In a folder of their own and with an ending that no pattern for data matches.
        var path = $"_sluice_rejects/{PathNames.NewFile(target.LoadedAt)}.ndjson";
        var full = Path.Combine(change.NewFiles, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var sql =
            $"SELECT {DuckDBLiteral.Quote(target.Table)} AS table_name, record_key, column_name, raw_value, load_id, run_id, " +
                $"{TypedColumn.IsoTime("rejected_at")} AS rejected_at FROM ({staged.RejectsSql})";
        var values = await staged.Connection.RunAsync($"COPY ({sql}) TO {DuckDBLiteral.Quote(full)} (FORMAT json)", cancel);
        return [new RejectsFile(path, target.LoadId, values)];
    }

    private void AssertSameFormat(TableManifest manifest)
    {
        if (manifest.Layout is { } had && had.Format != settings.Layout.Format && !target.StartsOver)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{folder.Name} holds {had.Format.ToString().ToLowerInvariant()} files, and now " +
                    $"{settings.Layout.Format.ToString().ToLowerInvariant()} is to be written.",
                "Name another folder, or replace the files with --full-refresh.");
        }
    }

    private void RequireFreeKeys(TableManifest manifest)
    {
        var columns = manifest.Columns.Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!target.StartsOver && settings.Partitions.FirstOrDefault(partition => columns.Contains(partition.Key)) is { } taken)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"The files of {folder.Name} have a column {taken.Key}, and the folders of partition_by={taken.Column} would be called the same.",
                "Replace them with --full-refresh, which gives that column another name, or partition in another way.");
        }
    }

    private void ClearScratch()
    {
        if (Directory.Exists(_scratch))
        {
            Directory.Delete(_scratch, recursive: true);
        }
    }
}
