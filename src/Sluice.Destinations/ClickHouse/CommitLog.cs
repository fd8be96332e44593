using System.Text.Json.Serialization;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.State;

namespace Sluice.Destinations.ClickHouse;

/// <summary>By what one can tell that a load's rows are visible.</summary>
internal enum SwapStep
{
    /// <summary>The highest number in the table is the load's.</summary>
    Rows,

    /// <summary>The table has no rows.</summary>
    Empty,

    /// <summary>Nothing changes in the table.</summary>
    Nothing,

    /// <summary>They are not: the load has only taken its number.</summary>
    Reserved,
}

/// <summary>
/// What becomes true with a load, written down before its rows become visible: whoever looks next after a crash can tell by the rows whether they
/// came in, and writes the system tables as the stopped run would have done.
/// </summary>
internal sealed record CommitMarker
{
    public required string Table { get; init; }

    public required string LoadId { get; init; }

    public required string RunId { get; init; }

    public required DateTimeOffset LoadedAt { get; init; }

    /// <summary>Which writer made it, as the lock of the table names it.</summary>
    public string? Owner { get; init; }

    /// <summary>The number that the rows of the load have.</summary>
    public required long Version { get; init; }

    public required SwapStep Step { get; init; }

    /// <summary>What was done, but for the number of rows in the table, which is counted then.</summary>
    public required LoadResult Result { get; init; }

    public required LedgerLine Ledger { get; init; }

    public TableState? State { get; init; }

    public required IReadOnlyList<MappedColumn> Mapping { get; init; }

    /// <summary>The columns by which the versions of rows are known that are kept; null when none are.</summary>
    public IReadOnlyList<string>? HistoryKey { get; init; }
}

[JsonSerializable(typeof(CommitMarker))]
internal sealed partial class CommitMarkerJson : JsonSerializerContext;

/// <summary>Writes the system tables for loads whose rows are visible. Doing it twice, or by two at once, changes nothing.</summary>
internal sealed class CommitLog(ClickHouseDatabase database)
{
    private readonly SystemTableReader _reader = new(database);
    private readonly SystemTableWriter _writer = new(database);

    /// <summary>Completes every load that was stopped between its rows and its system tables.</summary>
    public async Task FinishAsync(CancellationToken cancel)
    {
        foreach (var marker in await _reader.UnrecordedAsync(cancel))
        {
            if (await IsVisibleAsync(marker, cancel))
            {
                await RecordAsync(marker, cancel);
            }
        }
    }

    /// <summary>Counts the table's rows, brings its history up to date, and writes mapping, state and, last, the ledger.</summary>
    public async Task<LoadResult> RecordAsync(CommitMarker marker, CancellationToken cancel)
    {
        var live = await database.ReadAsync(marker.Table, cancel);
        var result = marker.Result with { TableRows = live is null ? 0 : await live.CountAsync(database.Server, cancel) };
        if (live is not null && marker.HistoryKey is { } key)
        {
            await new RowHistory(database, marker, live, key).FollowAsync(cancel);
        }

        await _writer.MappingAsync(marker, cancel);
        await _writer.StateAsync(marker, cancel);
        await _writer.LedgerAsync(marker, result, cancel);
        return result;
    }

    private async Task<bool> IsVisibleAsync(CommitMarker marker, CancellationToken cancel) =>
        marker.Step switch
        {
            SwapStep.Nothing => true,
            SwapStep.Reserved => false,
            _ when await database.ReadAsync(marker.Table, cancel) is not { IsOurs: true } => false,
            SwapStep.Empty => await database.Server.CountAsync($"SELECT count() FROM {database.Schema.Name(marker.Table)}", cancel) == 0,
            _ => await database.Server.CountAsync($"SELECT max({ClickHouseTable.Version}) FROM {database.Schema.Name(marker.Table)}", cancel)
                == marker.Version,
        };
}
