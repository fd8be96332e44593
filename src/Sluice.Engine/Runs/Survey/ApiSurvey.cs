using System.Globalization;
using System.Runtime.CompilerServices;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Runs;

/// <summary>
/// Asks each endpoint of the catalog once, for one parent where it has one, and compares the fields of its answer with the catalog's columns.
/// </summary>
public sealed class ApiSurvey(CustomerIoClient client, ResourceCatalog catalog)
{
    private static readonly TimeSpan Recent = TimeSpan.FromDays(30);

    private readonly Dictionary<string, MemoryPageSink> _read = new(StringComparer.Ordinal);

    // An export is made in the workspace for everybody to see. What shares the pages of another resource has no endpoint of its own.
    private readonly IReadOnlyList<Resource> _asked =
        [.. ParentsFirst(catalog).Where(one => one is { SharedWith: null, Reading: not ReadingKind.Export })];

    /// <summary>The most requests that a survey takes.</summary>
    public int MostRequests => _asked.Sum(one => RequestBuilder.VariantsOf(one).Count);

    /// <summary>Asks one endpoint after the other, and gives what each said as soon as it has.</summary>
    /// <param name="now">The time by Customer.io's clock.</param>
    /// <param name="cancel">Stops after the request that is under way.</param>
    /// <exception cref="CustomerIoException">Customer.io knows the key nowhere, or can't be reached.</exception>
    public async IAsyncEnumerable<EndpointAnswer> ReadAsync(
        DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var resource in _asked)
        {
            var parent = resource.Parent is { } binding ? catalog.Find(binding.Resource) : null;
            var rows = parent is null ? null : _read.GetValueOrDefault(parent.Name);
            yield return parent is not null && !(rows?.Rows > 0)
                ? new EndpointAnswer(resource, EndpointOutcome.NoParent) { Detail = $"{parent.Name} {(rows is null ? "failed" : "has none")}" }
                : await AskAsync(resource, parent, now, cancel);
        }
    }

    private async Task<EndpointAnswer> AskAsync(Resource resource, Resource? parent, DateTimeOffset now, CancellationToken cancel)
    {
        var period = resource.TakesPeriod ? MetricsPeriod.Days : (MetricsPeriod?)null;
        var leading = parent is null ? null : new Extraction(ExtractionKey.Of(parent, null), parent);
        var extraction = new Extraction(ExtractionKey.Of(resource, period), resource)
        {
            Limit = 1,
            Parent = leading,
            Range = new ExtractionRange(now - Recent, now) { IsExplicit = true },
        };
        var sink = new MemoryPageSink(now);
        var lead = leading is null ? null : new ExtractionRun(leading, await FirstOfAsync(_read[parent!.Name], now, cancel));
        try
        {
            await Extractors.For(new ExtractionRun(extraction, sink, lead), new ExtractContext(client, 1)).RunAsync(cancel);
        }
        catch (CustomerIoException error) when (error.Kind is not (CustomerIoErrorKind.Unauthorized or CustomerIoErrorKind.WrongRegion
            or CustomerIoErrorKind.Network))
        {
            return Failed(resource, error);
        }

        _read[resource.Name] = sink;
        return sink.Rows == 0 ? new EndpointAnswer(resource, EndpointOutcome.Empty) : Compared(resource, sink);
    }

    // The API's own words may hold what a person is called: only the kind of the error is told.
    private static EndpointAnswer Failed(Resource resource, CustomerIoException error) =>
        new(resource, error.Kind == CustomerIoErrorKind.Forbidden ? EndpointOutcome.Refused : EndpointOutcome.Failed)
        {
            Detail = error.Status is { } status
                ? string.Create(CultureInfo.InvariantCulture, $"{error.Kind}, status {status}")
                : error.Kind.ToString(),
            Error = error,
        };

    private static EndpointAnswer Compared(Resource resource, MemoryPageSink sink)
    {
        var known = resource.Columns.SelectMany(column => column.Sources).Select(FieldOf).ToHashSet(StringComparer.Ordinal);
        return new EndpointAnswer(resource, EndpointOutcome.Answered)
        {
            Records = sink.Rows,
            Unknown = [.. sink.Fields.Where(field => !known.Contains(field.Key) && !InjectedColumns.IsInjected(field.Key))],
            Lacking =
            [
                .. resource.Columns
                    .Where(column => !column.Sources.Any(source => InjectedColumns.IsInjected(source) || sink.Fields.ContainsKey(FieldOf(source))))
                    .Where(column => !IsFilled(resource, column.Name))
                    .Select(column => column.Name),
            ],
        };
    }

    // Columns that the request fills, not the record.
    private static bool IsFilled(Resource resource, string column) =>
        resource.Parent?.Columns.ContainsKey(column) == true
        || column == resource.RowIndex
        || resource.Variants.Any(variant => variant.Columns.ContainsKey(column))
        || resource.Options.Any(option => option.Column == column);

    private static string FieldOf(string source) => source.Split('.')[0];

    private static async Task<MemoryPageSink> FirstOfAsync(MemoryPageSink parents, DateTimeOffset now, CancellationToken cancel)
    {
        var first = new MemoryPageSink(now);
        var lines = (await parents.PagesAsync(cancel).FirstAsync(page => !page.IsEmpty, cancel)).Span;
        var draft = new PageDraft("first") { Last = true };
        draft.Add(lines[..lines.IndexOf((byte)'\n')]);
        await first.AppendAsync(draft, cancel);
        await first.CompleteAsync(cancel);
        return first;
    }

    private static IEnumerable<Resource> ParentsFirst(ResourceCatalog catalog)
    {
        var (given, rest) = (new HashSet<string>(StringComparer.Ordinal), catalog.Resources);
        while (rest.Count > 0)
        {
            var next = rest.Where(one => one.Parent is not { } binding || given.Contains(binding.Resource)).ToList();
            foreach (var one in next)
            {
                yield return one;
            }

            given.UnionWith(next.Select(one => one.Name));
            rest = next.Count == 0 ? [] : [.. rest.Except(next)];
        }
    }
}

/// <summary>What one endpoint said: names of fields and kinds of values, and nothing of the values.</summary>
/// <param name="Resource">What was asked for.</param>
/// <param name="Outcome">What came of it.</param>
public sealed record EndpointAnswer(Resource Resource, EndpointOutcome Outcome)
{
    /// <summary>Why it was not asked, or how it failed; null when it answered.</summary>
    public string? Detail { get; init; }

    /// <summary>How it failed, with Customer.io's words; null when it did not.</summary>
    public CustomerIoException? Error { get; init; }

    /// <summary>Records that were looked at.</summary>
    public long Records { get; init; }

    /// <summary>Fields of the records that no column is filled from, with the kinds of their values.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonKinds>> Unknown { get; init; } = [];

    /// <summary>Columns that no record had a field for.</summary>
    public IReadOnlyList<string> Lacking { get; init; } = [];
}

/// <summary>What came of asking an endpoint.</summary>
public enum EndpointOutcome
{
    /// <summary>It gave records.</summary>
    Answered,

    /// <summary>It gave none.</summary>
    Empty,

    /// <summary>It was not asked: the workspace has nothing that it could be asked for.</summary>
    NoParent,

    /// <summary>The key lacks the scope.</summary>
    Refused,

    /// <summary>It answered with an error, or with something else than is known of it.</summary>
    Failed,
}
