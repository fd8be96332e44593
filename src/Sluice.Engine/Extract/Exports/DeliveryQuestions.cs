using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Engine.Catalog;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Extract.Exports;

/// <summary>
/// The questions of an export of deliveries: one for each newsletter, campaign, action or transactional message, and each window of its time, both ends always
/// named, for the API cuts what is open or longer than a year without a word.
/// </summary>
internal sealed class DeliveryQuestions(Feed feed)
{
    private const string All = "all";

    private readonly ParentBinding _binding = feed.Resource.Parent ?? throw new InvalidOperationException($"{feed.Name} was planned without a parent.");

    private string Kind => _binding.Route.Keys.First();

    public async IAsyncEnumerable<ExportQuestion> AllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var wanted = feed.Name.Options.All(Kind);
        var left = wanted.Where(id => id != All).ToHashSet(StringComparer.Ordinal);
        var isAll = left.Count < wanted.Count;
        if (feed.Parent is null)
        {
            foreach (var question in wanted.SelectMany(id => Windows(id, null).Select(window => Question(id, ParentRow.None, window))))
            {
                yield return question;
            }

            yield break;
        }

        await foreach (var row in ParentRows.ReadAsync(feed, cancel))
        {
            var id = ParentKey.Of(feed.Resource, row);
            foreach (var window in left.Remove(id) || isAll ? Windows(id, row) : [])
            {
                yield return Question(id, row, window);
            }
        }

        if (left.Count > 0)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{feed.Name.Title}: {Kind} {string.Join(", ", left)} is not among the workspace's {feed.Parent.Name.Title}.",
                $"`sluice ingest --source-table {feed.Parent.Name.Title}` lists them.");
        }
    }

    private IReadOnlyList<TimeWindow> Windows(string id, ParentRow? row)
    {
        var rule = feed.Resource.Window!;
        var known = feed.Range.ParentStarts.TryGetValue(id, out var mark) ? mark : (DateTimeOffset?)null;
        var start = feed.Range.Start ?? known ?? (row is null ? null : ParentBirth.Of(row, rule)) ?? TimeWindow.Beginning;
        return TimeWindow.Cover(start, feed.Range.End ?? feed.Spool.Began, rule.MaxDays);
    }

    private ExportQuestion Question(string id, ParentRow row, TimeWindow window)
    {
        var body = JsonNode.Parse(RequestBuilder.Build(feed.Resource with { Parent = null }, ParentRow.None).Body.Span)!.AsObject();
        body[Kind] = long.Parse(id, CultureInfo.InvariantCulture);

        // One second more on both sides: whether the API counts the ends in is not documented, and a row read twice is only one row.
        body["start"] = window.Start - 1;
        body["end"] = window.End + 1;
        var stamp = _binding.Columns.ToDictionary(
            column => InjectedColumns.NameOf(column.Key), column => column.Key == Kind ? id : Number(row.Text(column.Value)), StringComparer.Ordinal);
        return new ExportQuestion(
            $"{id}/0/{window.Id}",
            string.Create(CultureInfo.InvariantCulture, $"{feed.Name.Title} of {Kind} {id}, {Day(window.Start)} to {Day(window.End)}"),
            Encoding.UTF8.GetBytes(body.ToJsonString()),
            stamp);
    }

    // Ids of campaigns come as numbers or texts.
    private static string Number(string? text) => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : "null";

    private static string Day(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
