using System.Text.Json;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;

namespace Sluice.Sql.Fetching;

/// <summary>Lists that have been read to their end in a query and lead to other tables: they are not read again for those.</summary>
internal sealed class ParentLists
{
    private readonly Dictionary<ExtractionKey, MemoryPageSink> _sinks = [];
    private readonly Dictionary<string, IReadOnlyList<ReadOnlyMemory<byte>>> _records = new(StringComparer.Ordinal);

    /// <summary>The pages of a list, or null.</summary>
    public MemoryPageSink? Find(ExtractionKey key) => _sinks.GetValueOrDefault(key);

    /// <summary>Keeps a list that was read to its end.</summary>
    public async Task KeepAsync(ExtractionKey key, MemoryPageSink sink, CancellationToken cancel)
    {
        _sinks[key] = sink;
        if (key.Options.IsEmpty && key.Where.IsEmpty)
        {
            var records = new List<ReadOnlyMemory<byte>>();
            await foreach (var page in sink.PagesAsync(cancel))
            {
                records.AddRange(Lines(page));
            }

            _records[key.Resource] = records;
        }
    }

    /// <summary>The rows of a list that meet conditions on them; null when the list is not known.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Rows(Resource resource, WhereFilter where)
    {
        if (!_records.TryGetValue(resource.Name, out var records))
        {
            return null;
        }

        var conditions = where.On(resource.Name);
        string[] columns = [.. conditions.Select(condition => condition.Column)];
        return conditions.Count == 0
            ? records
            : [.. records.Where(record => Holds(ParentRow.Parse(record, resource, columns), conditions))];
    }

    /// <summary>How long an array of a record is; 0 when it has none.</summary>
    public static int LengthOf(ReadOnlyMemory<byte> record, string list)
    {
        using var document = JsonDocument.Parse(record);
        return document.RootElement.TryGetProperty(list, out var array) && array.ValueKind == JsonValueKind.Array ? array.GetArrayLength() : 0;
    }

    private static bool Holds(ParentRow row, IReadOnlyList<WhereCondition> conditions) =>
        conditions.All(condition => condition.Holds(row.Text(condition.Column)));

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> page)
    {
        while (page.Span.IndexOf((byte)'\n') is var end and >= 0)
        {
            yield return page[..end];
            page = page[(end + 1)..];
        }
    }
}
