using System.Globalization;
using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Extract;
using Sluice.Engine.Shape;

namespace Sluice.Sql.Fetching;

/// <summary>
/// Rows of which a query uses no column but the parent's key: Customer.io says how many each parent has, and as many are made instead of being read.
/// </summary>
/// <param name="client">The way to the workspace.</param>
/// <param name="parent">The resource whose rows are the parents.</param>
/// <param name="lists">Lists that were read in this query.</param>
/// <param name="connection">A DuckDB that may write into the query's folder.</param>
internal sealed class CountedRows(CustomerIoClient client, Resource parent, ParentLists lists, InterruptibleConnection connection)
{
    private const int Parallelism = 8;

    public async Task<Fragment> FetchAsync(Reading reading, string folder, CancellationToken cancel)
    {
        var rows = RowsOf(reading);
        var counts = new long[rows.Count];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancel };
        await Parallel.ForAsync(0, rows.Count, limits, async (place, stop) => counts[place] = await CountAsync(reading, rows[place], stop));
        if (rows.Count == 0)
        {
            return new Fragment(reading, [], 0, 0);
        }

        var path = Path.Combine(folder, "counted.parquet");
        var parts = rows.Select((row, place) => $"SELECT {Keys(reading, row)} FROM range({counts[place].ToString(CultureInfo.InvariantCulture)})");
        await connection.RunAsync($"COPY ({string.Join(" UNION ALL ", parts)}) TO {DuckDBLiteral.Quote(path)} (FORMAT parquet)", cancel);
        return new Fragment(reading, [path], counts.Sum(), rows.Count);
    }

    // The parents that the query names, or all of their list, which was read before; each once, for nothing drops doubles later.
    private List<ParentRow> RowsOf(Reading reading)
    {
        var binding = reading.Resource.Parent!;
        string[] columns = [.. binding.Columns.Values.Concat(binding.Route.Values).Distinct(StringComparer.Ordinal)];
        var rows = reading.Where.KeysOf(reading.Resource) is { } keys
            ? keys.Select(key => ParentRow.Named(columns[0], key))
            : lists.Rows(parent, reading.Where)!.Select(record => ParentRow.Parse(record, parent, columns));
        return [.. rows.DistinctBy(row => row.KeyIn(reading.Resource), StringComparer.Ordinal)];
    }

    private async Task<long> CountAsync(Reading reading, ParentRow row, CancellationToken cancel)
    {
        var rule = reading.Resource.Count!;
        var request = RequestBuilder.Build(
            reading.Resource with { Path = rule.Path!, Query = new Dictionary<string, string>(), PageSize = null, Body = null }, row);
        try
        {
            var answer = await client.SendAsync(request, cancel);
            using var document = JsonDocument.Parse(answer.Body);
            return document.RootElement.GetProperty(rule.Key).GetInt64();
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound && !reading.Where.IsEmpty)
        {
            // A key that stands in the query may be nobody's.
            return 0;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SluiceException(
                SluiceErrorKind.Api, $"GET {rule.Path} answered without the number {rule.Key}.", "Please report it with this message.", error);
        }
    }

    private static string Keys(Reading reading, ParentRow row) => string.Join(", ", reading.Resource.Parent!.Columns.Select(column =>
    {
        var type = SqlType.Of(reading.Table.TypeOf(column.Key));
        return $"CAST({DuckDBLiteral.Quote(row.Text(column.Value)!)} AS {type}) AS {DuckDBIdentifier.Quote(column.Key)}";
    }));
}
