using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>A row of a parent resource, read only as far as a child needs it.</summary>
internal sealed class ParentRow
{
    private const long Grace = 86_400;

    private readonly Dictionary<string, string?> _raw = new(StringComparer.Ordinal);

    private ParentRow()
    {
    }

    /// <summary>A parent for resources that have none.</summary>
    public static ParentRow None { get; } = new();

    /// <summary>A parent of which nothing is known but the key that a user has named.</summary>
    public static ParentRow Named(string column, string key)
    {
        var row = new ParentRow();
        row._raw[column] = EngineJson.Quote(key);
        return row;
    }

    /// <summary>Reads the columns that a child needs from one spooled line of the parent.</summary>
    public static ParentRow Parse(ReadOnlyMemory<byte> line, Resource parent, IReadOnlyCollection<string> columns)
    {
        using var document = JsonDocument.Parse(line, RawJson.DocumentOptions);
        var row = new ParentRow();
        foreach (var column in columns)
        {
            row._raw[column] = Find(document.RootElement, parent, column);
        }

        return row;
    }

    /// <summary>The column's raw JSON, or "null".</summary>
    public string Raw(string column) => _raw.GetValueOrDefault(column) ?? "null";

    /// <summary>
    /// The column as text for a path or a query, or null when the parent has no value; as it was sent when it holds half of a character.
    /// </summary>
    public string? Text(string column) => _raw.GetValueOrDefault(column) switch
    {
        null or "null" or "\"\"" => null,
        ['"', ..] text => EngineJson.UnquoteOrNull(text) ?? text[1..^1],
        var number => number,
    };

    /// <summary>Names the row's partition, for the manifest and for people.</summary>
    public string KeyIn(Resource child) => string.Join('/', child.Parent!.Route.Values.Select(Text));

    /// <summary>The parent of a partition that is named after it, with the variant and the window behind.</summary>
    public static string KeyOf(string partition) => partition[..partition.LastIndexOf('/', partition.LastIndexOf('/') - 1)];

    /// <summary>Why no request can name the parent, or null.</summary>
    public string? WhyNotAsked(Resource child) =>
        child.Parent!.Route.Values.Any(column => Raw(column) is ['"', ..] text && EngineJson.UnquoteOrNull(text) is null)
            ? $"{child.Parent.Resource} {KeyIn(child)}: half of a character stands in its key, which no request can carry"
            : null;

    /// <summary>What the report says of a parent that Customer.io no longer has.</summary>
    public string Gone(Resource child, CustomerIoException error) =>
        $"{child.Parent!.Resource} {KeyIn(child)} is gone: {error.Endpoint} answered 404";

    /// <summary>When what sends deliveries was made: they are not older, but for a day of grace for clocks that differ.</summary>
    public DateTimeOffset? Birth(WindowRule rule) => Created(rule)?.AddSeconds(-Grace);

    /// <summary>The time before which there is nothing of it, or null when it does not say so.</summary>
    public DateTimeOffset? Created(WindowRule rule) =>
        rule.NotBefore is { } column && long.TryParse(Text(column), CultureInfo.InvariantCulture, out var seconds) && seconds > Grace
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static string? Find(JsonElement record, Resource parent, string name)
    {
        if (record.TryGetProperty(InjectedColumns.NameOf(name), out var stamped))
        {
            return stamped.GetRawText();
        }

        var column = parent.Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.Ordinal));
        foreach (var source in column?.Sources ?? [name])
        {
            if (TryFollow(record, source, out var value))
            {
                return value.GetRawText();
            }
        }

        return null;
    }

    private static bool TryFollow(JsonElement record, string path, out JsonElement value)
    {
        value = record;
        foreach (var key in path.Split('.'))
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(key, out value))
            {
                return false;
            }
        }

        return value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);
    }
}

/// <summary>
/// The rows of an extraction's parent that are wanted, each as soon as it is durable, so that children are asked for while the list is still read;
/// or the keys that a user has named, without asking for a list.
/// </summary>
internal static class ParentRows
{
    public static async IAsyncEnumerable<ParentRow> ReadAsync(ExtractionRun run, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (run.Extraction.Key.Where.KeysOf(run.Extraction.Resource) is { } keys)
        {
            foreach (var key in keys)
            {
                yield return ParentRow.Named(run.Extraction.Resource.Parent!.Route.Values.First(), key);
            }

            yield break;
        }

        var parent = run.Parent ?? throw new InvalidOperationException($"{run.Extraction.Key} has no parent.");
        var conditions = run.Extraction.Key.Where.On(parent.Extraction.Resource.Name);
        var columns = ColumnsNeeded(run.Extraction.Resource, conditions);
        await foreach (var page in parent.Sink.PagesAsync(cancel))
        {
            foreach (
                var row in Lines(page)
                    .Select(line => ParentRow.Parse(line, parent.Extraction.Resource, columns))
                    .Where(row => conditions.All(condition => condition.Holds(row.Text(condition.Column)))))
            {
                if (run.HasEnough)
                {
                    yield break;
                }

                if (row.WhyNotAsked(run.Extraction.Resource) is { } reason)
                {
                    await run.Sink.SkipAsync(row.KeyIn(run.Extraction.Resource), reason, cancel);
                    continue;
                }

                run.Counters.ParentTaken();
                yield return row;
            }
        }
    }

    private static HashSet<string> ColumnsNeeded(Resource resource, IReadOnlyList<WhereCondition> conditions)
    {
        var binding = resource.Parent!;
        var columns = binding
            .Route.Values.Concat(binding.Columns.Values)
            .Concat(conditions.Select(condition => condition.Column))
            .ToHashSet(StringComparer.Ordinal);
        columns.UnionWith(new[] { resource.Window?.NotBefore, resource.Count?.Column }.OfType<string>());
        return columns;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> page)
    {
        while (page.Span.IndexOf((byte)'\n') is var end and >= 0)
        {
            yield return page[..end];
            page = page[(end + 1)..];
        }
    }
}
