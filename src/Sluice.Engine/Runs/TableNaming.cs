using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>The names of tables where the destination takes none of any length.</summary>
public static class TableNaming
{
    /// <summary>What is wrong with the name that was said for a table, or for its schema; null when nothing is.</summary>
    public static string? Problem(TableJob job, NameLimit limit) =>
        new[] { job.Schema, job.Table }.FirstOrDefault(name => !limit.Takes(name)) is { } name
            ? $"{name} is longer than the {limit.MostBytes} bytes that {limit.Whose} takes for a name."
            : null;

    /// <summary>What becomes of names that come from the data, for plans; nothing where any name can be.</summary>
    public static IEnumerable<string> Notes(IngestRequest request) =>
        request.TableNames.MostBytes is { } most
            ? request.Tables.Where(job => job.Slicing != Slicing.None)
                .Select(job =>
                    $"{job.Source} becomes a table for each type{(job.Slicing == Slicing.ByTypeAndName ? " and each name of events" : "")}. " +
                        $"{request.TableNames.Whose} takes names of {most} bytes: longer ones are cut and end with a mark, the same in every run.")
            : [];

    /// <summary>The tables that slices of a table were given, whatever has become of the tables.</summary>
    internal static async Task<IReadOnlyDictionary<RecordSlice, string>> OfSlicesAsync(
        TableJob job, StateSnapshot states, IDestination destination, CancellationToken cancel)
    {
        // A run with an interval or a limit leaves no state.
        var names = new Dictionary<RecordSlice, string>();
        var start = $"{job.Question}#";
        foreach (var loaded in await destination.SystemTables(job.Schema).ReadLoadedAsync(cancel))
        {
            if (loaded.Source.StartsWith(start, StringComparison.Ordinal))
            {
                names[RecordSlice.Parse(loaded.Source[start.Length..])] = loaded.Table;
            }
        }

        foreach (var (slice, table) in states.SlicesOf(job))
        {
            names[slice] = table;
        }

        return names;
    }
}
