using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>Makes the first request of a partition from what the catalog says of a resource.</summary>
internal static partial class RequestBuilder
{
    public static PageShape ShapeOf(Resource resource) => new()
    {
        RootKeys = resource.RootKeys,
        ItemKey = resource.ItemKey,
        ScalarName = resource.ScalarName,
        Paged = resource.Paged,
        CountsOffset = resource.Paging == PagingStyle.Offset,
        CursorParameter = resource.Paging == PagingStyle.Offset ? "offset" : "start",
        Lines = resource.Lines,
    };

    /// <summary>The variants of the request that together give the whole; a single null when one request is enough.</summary>
    public static IReadOnlyList<RequestVariant?> VariantsOf(Resource resource) => resource.Variants is { Count: > 0 } several ? [.. several] : [null];

    public static ApiRequest Build(
        Resource resource, ParentRow parent, RequestVariant? variant = null, TimeWindow? window = null,
        IEnumerable<KeyValuePair<string, string>>? extra = null)
    {
        List<KeyValuePair<string, string>> route = [.. RouteValues(resource, parent), .. variant?.Route ?? new Dictionary<string, string>()];
        var query = new List<KeyValuePair<string, string>>(resource.Query);
        query.AddRange(variant?.Query ?? new Dictionary<string, string>());
        if (resource.PageSize is { } size)
        {
            query.Add(new("limit", size.ToString(CultureInfo.InvariantCulture)));
        }

        if (window is not null)
        {
            query.Add(new(resource.Window!.StartParameter, window.Start.ToString(CultureInfo.InvariantCulture)));
            query.Add(new(resource.Window.EndParameter, window.End.ToString(CultureInfo.InvariantCulture)));
        }

        query.AddRange(extra ?? []);
        return new ApiRequest
        {
            Method = new HttpMethod(resource.Method),
            Route = resource.Path,
            RouteValues = [.. route.Where(value => resource.Path.Contains("{" + value.Key + "}", StringComparison.Ordinal))],
            Query = query,
            Body = Body(variant?.Body ?? resource.Body, route),
            IsRead = true,
        };
    }

    /// <summary>The body with each <c>{parameter}</c> inside its strings replaced by the parent's value.</summary>
    private static ReadOnlyMemory<byte> Body(string? template, IReadOnlyList<KeyValuePair<string, string>> route)
    {
        if (template is null)
        {
            return default;
        }

        var values = route.ToDictionary(value => value.Key, value => value.Value, StringComparer.Ordinal);
        var text = Parameter().Replace(template, match => values.TryGetValue(match.Groups[1].Value, out var value)
            ? EngineJson.Quote(value)[1..^1]
            : match.Value);
        return Encoding.UTF8.GetBytes(text);
    }

    private static List<KeyValuePair<string, string>> RouteValues(Resource resource, ParentRow parent)
    {
        var values = new List<KeyValuePair<string, string>>();
        foreach (
            var (parameter, column) in resource.Batch is null
                ? resource.Parent?.Route ?? new Dictionary<string, string>()
                : new Dictionary<string, string>())
        {
            values.Add(new(parameter, parent.Text(column) ?? throw new SluiceException(
                SluiceErrorKind.Api,
                $"A row of {resource.Parent!.Resource} has no {column}, so {resource.Name} can't be asked for.",
                "Run with --debug to see the row's page; report it if Customer.io really gives such rows.")));
        }

        return values;
    }

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Parameter();
}
