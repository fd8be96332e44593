using System.Globalization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace Sluice.Engine.DuckDb;

/// <summary>
/// Reads tables with long values within the memory limit. DuckDB works on 2,048 rows at a time however long they are, and can't spill those:
/// such a table is read slice by slice, in one statement that puts the slices together again.
/// </summary>
public sealed partial class LongRows
{
    private const int VectorRows = 2048;
    private const int GroupRows = 122_880;
    private const int SumTerms = 500;
    private const long VectorBytes = 16 << 20;
    private const long SliceBytes = 4 << 20;
    private const int MostEvenSlices = 500;
    private const string FirstOfTransaction = "36000000000000000";

    private readonly string _table;
    private readonly IReadOnlyList<string> _texts;

    private LongRows(string table, IReadOnlyList<string> texts, long longest, IReadOnlyList<string> slices) =>
        (_table, _texts, Longest, Slices) = (table, texts, longest, slices);

    /// <summary>Bytes that the texts of no row go beyond.</summary>
    public long Longest { get; }

    /// <summary>The slices as conditions on rowid; one that is always true when rows are short.</summary>
    public IReadOnlyList<string> Slices { get; }

    /// <summary>Looks how a table is to be read.</summary>
    /// <param name="connection">Where the table can be seen.</param>
    /// <param name="table">A table, quoted; not a view, for views have no row ids.</param>
    /// <param name="cancel">Stops between statements.</param>
    /// <param name="known">
    /// Bytes of the longest row where the caller knows more: DuckDB does not tell it of rows that the open transaction has written.
    /// </param>
    public static async Task<LongRows> OfAsync(DuckDBConnection connection, string table, CancellationToken cancel, long known = 0)
    {
        var texts = await connection.ListAsync(
            $"SELECT column_name FROM (DESCRIBE {table}) WHERE column_type IN ('VARCHAR', 'JSON')",
            row => DuckDBIdentifier.Quote(row.GetString(0)),
            cancel);
        var longest = texts.Count == 0 ? 0 : Math.Max(known, await LongestAsync(connection, table, texts, cancel));
        var slices = longest * VectorRows <= VectorBytes ? ["true"] : await SlicesAsync(connection, table, texts, longest, cancel);
        return new LongRows(table, texts, longest, slices);
    }

    /// <summary>What follows FROM to read the rows, or those under a condition.</summary>
    /// <param name="select">What follows SELECT for each row, such as <c>*</c>.</param>
    /// <param name="condition">Which rows.</param>
    public string Source(string select = "*", string condition = "true") => Slices.Count == 1
        ? $"(SELECT {select} FROM {_table} WHERE {condition})"
        : $"({string.Join(" UNION ALL ", Slices.Select(slice => $"SELECT {select} FROM {_table} WHERE {condition} AND {slice}"))})";

    /// <summary>What follows FROM to read the rows part by part, each in a statement of its own.</summary>
    public IEnumerable<string> Parts => Slices.Select(slice => $"(SELECT * FROM {_table} WHERE {slice})");

    /// <summary>
    /// What follows FROM to read something small of every row, such as a hash: of long rows a temporary table, filled slice by slice, for a join
    /// reads both of its sides at the same time. Whoever reads it drops it.
    /// </summary>
    /// <param name="connection">Where the table can be seen.</param>
    /// <param name="select">What follows SELECT for each row.</param>
    /// <param name="name">A name for the temporary table.</param>
    /// <param name="cancel">Stops between slices.</param>
    public async Task<string> ExtractAsync(DuckDBConnection connection, string select, string name, CancellationToken cancel)
    {
        if (Slices.Count == 1)
        {
            return Source(select);
        }

        var table = $"temp.{DuckDBIdentifier.Quote(name)}";
        await connection.RunAsync($"CREATE OR REPLACE TEMP TABLE {DuckDBIdentifier.Quote(name)} AS SELECT {select} FROM {_table} LIMIT 0", cancel);
        foreach (var slice in Slices)
        {
            await connection.RunAsync($"INSERT INTO {table} SELECT {select} FROM {_table} WHERE {slice}", cancel);
        }

        return table;
    }

    /// <summary>Bytes of the texts of all rows when they are long; 0 when they are short, for those DuckDB can put aside.</summary>
    public async Task<long> BytesAsync(DuckDBConnection connection, CancellationToken cancel) =>
        Slices.Count == 1 ? 0 : await connection.ScalarAsync($"SELECT coalesce(sum({Length(_texts)}), 0) FROM {Source()}", cancel);

    /// <summary>The length of the texts of a row on average: of all long rows, of short ones by the first in each group of rows.</summary>
    public async Task<long> AverageAsync(DuckDBConnection connection, CancellationToken cancel)
    {
        var length = $"coalesce(CAST(avg({Length(_texts)}) AS BIGINT), 0)";
        return Slices.Count > 1
            ? await connection.ScalarAsync($"SELECT {length} FROM {Source()}", cancel)
            : await connection.ScalarAsync(
                // Not with LIMIT, for which DuckDB reads whole groups.
                $"SELECT {length} FROM {_table} WHERE rowid < {await FirstAsync(connection, _table, cancel) + VectorRows} " +
                    $"OR rowid % {GroupRows} < {VectorRows}",
                cancel);
    }

    /// <summary>The bytes of columns' texts in a row; in brackets, since DuckDB adds up no 1,000 terms without.</summary>
    /// <param name="texts">The columns, quoted.</param>
    public static string Length(IEnumerable<string> texts) =>
        string.Join(" + ", texts.Chunk(SumTerms).Select(some => $"({string.Join(" + ", some.Select(LengthOf))})").DefaultIfEmpty("0"));

    private static string LengthOf(string text) => $"coalesce(strlen(CAST({text} AS VARCHAR)), 0)";

    // DuckDB keeps the longest value of each column: no row's texts together are longer than this. It does not tell while a transaction is open
    // that has added rows.
    private static async Task<long> LongestAsync(DuckDBConnection connection, string table, IReadOnlyList<string> texts, CancellationToken cancel)
    {
        var sum = 0L;
        // By its number, or DuckDB would read 2,048 rows for the one.
        var first = await FirstAsync(connection, table, cancel);
        foreach (var stats in await connection.ListAsync(
            $"SELECT concat({string.Join(", ", texts.Select(text => $"stats({text})"))}) FROM {table} WHERE rowid = {first}",
            row => row.GetString(0),
            cancel))
        {
            sum += LongestText().Matches(stats).Sum(match => long.Parse(match.Groups["length"].Value, CultureInfo.InvariantCulture));
        }

        return sum;
    }

    private static Task<long> FirstAsync(DuckDBConnection connection, string table, CancellationToken cancel) =>
        connection.ScalarAsync($"SELECT coalesce(min(rowid), 0) FROM {table}", cancel);

    private static async Task<IReadOnlyList<string>> SlicesAsync(
        DuckDBConnection connection, string table, IReadOnlyList<string> texts, long longest, CancellationToken cancel)
    {
        // Rows of the open transaction are counted from a number of their own, far behind the others.
        var parts = await connection.ListAsync(
            $"SELECT min(rowid), max(rowid) FROM {table} GROUP BY rowid > {FirstOfTransaction} ORDER BY 1",
            row => (First: row.GetInt64(0), Last: row.GetInt64(1)),
            cancel);
        var even = Math.Max(1, SliceBytes / longest);
        if (parts.Sum(part => (part.Last - part.First) / even) < MostEvenSlices)
        {
            return Between([.. parts.SelectMany(part => Steps(part.First, part.Last, even))]);
        }

        var starts = new List<long> { 0 };
        foreach (var (vector, bytes) in await connection.ListAsync(
            $"SELECT rowid // {VectorRows}, CAST(sum({Length(texts)}) AS BIGINT) AS bytes FROM {table} GROUP BY 1 " +
                $"HAVING bytes > {VectorBytes} ORDER BY 1",
            row => (row.GetInt64(0), row.GetInt64(1)),
            cancel))
        {
            var first = vector * VectorRows;
            starts.AddRange(Steps(first, first + VectorRows, Math.Max(1, VectorRows * SliceBytes / bytes)));
        }

        return Between([.. starts.Distinct().Order()]);
    }

    private static IEnumerable<long> Steps(long first, long last, long step)
    {
        for (var start = first; start <= last; start += step)
        {
            yield return start;
        }
    }

    private static IReadOnlyList<string> Between(IReadOnlyList<long> starts) =>
        starts.Count < 2 ? ["true"] :
        [
            .. starts.Select((start, place) =>
                place + 1 < starts.Count
                    ? string.Create(CultureInfo.InvariantCulture, $"rowid >= {start} AND rowid < {starts[place + 1]}")
                    : string.Create(CultureInfo.InvariantCulture, $"rowid >= {start}")),
        ];

    [GeneratedRegex(@"Max String Length: (?<length>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LongestText();
}
