using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Runs;

/// <summary>Finds out which tables activities become: those of the types that came, and those that are there from earlier runs.</summary>
internal static class SplitTables
{
    /// <summary>The table whose pages all slices of a table are taken from: it is read, but not loaded.</summary>
    public static TableJob Whole(TableJob job) => job with { Flattening = null };

    /// <summary>The tables that one becomes.</summary>
    /// <param name="job">The table as it was asked for.</param>
    /// <param name="extractions">What has been read for it, one extraction a workspace, to the end.</param>
    /// <param name="known">The slices that the destination has a table for.</param>
    /// <param name="names">The tables that slices were given for good.</param>
    /// <param name="limit">How long the names of tables may be.</param>
    /// <param name="cancel">Stops between pages.</param>
    public static async Task<IReadOnlyList<TableJob>> OfAsync(
        TableJob job,
        IReadOnlyList<SpooledExtraction> extractions,
        IEnumerable<RecordSlice> known,
        IReadOnlyDictionary<RecordSlice, string> names,
        NameLimit limit,
        CancellationToken cancel)
    {
        var slices = new HashSet<RecordSlice>(known);
        foreach (var one in extractions)
        {
            await foreach (var page in one.Sink.PagesAsync(cancel))
            {
                AddTo(slices, page.Span, job.Slicing);
            }
        }

        var taken = new HashSet<string>(names.Values, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. slices
                .OrderBy(slice => slice.ToString(), StringComparer.Ordinal)
                .Select(slice => job with
                {
                    Slicing = Slicing.None,
                    Slice = slice,
                    Table = names.GetValueOrDefault(slice) ?? NewName($"{job.Table}_{slice.TableEnding}", limit, taken),
                }),
        ];
    }

    /// <summary>The slices of a table that have been loaded before.</summary>
    public static IEnumerable<RecordSlice> Known(TableJob job, StateSnapshot states) => states.SlicesOf(job).Select(known => known.Slice);

    private static void AddTo(HashSet<RecordSlice> slices, ReadOnlySpan<byte> lines, Slicing slicing)
    {
        while (lines.IndexOf((byte)'\n') is var end and >= 0)
        {
            var (type, name) = RecordFields.TypeAndName(lines[..end]);
            if (type is not null)
            {
                slices.Add(new RecordSlice(type, slicing == Slicing.ByTypeAndName && type == RecordSlice.Event ? name ?? "" : null));
            }

            lines = lines[(end + 1)..];
        }
    }

    // Types whose names differ only by what a table's name can't have would share a table: the later ones get a number.
    private static string NewName(string wish, NameLimit limit, HashSet<string> taken)
    {
        var name = limit.Short("", wish, "");
        for (var number = 2; !taken.Add(name); number++)
        {
            name = limit.Short("", wish, $"_{number}");
        }

        return name;
    }
}
