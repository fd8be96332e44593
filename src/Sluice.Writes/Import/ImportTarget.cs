using System.Globalization;
using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Import;

/// <summary>Where the rows go.</summary>
internal sealed record ImportTarget(Operation Operation)
{
    private const string Collection = "collection";

    public IReadOnlyList<KeyValuePair<string, string>> RouteValues { get; private init; } = [];

    /// <summary>The collection's id; null when there is none yet, or the target is something else.</summary>
    public string? CollectionId { get; private set; }

    public bool IsCollection => Operation.Name == Collection;

    /// <summary>The name of a collection that is made with its rows; null when it is there.</summary>
    public string? NewName { get; private init; }

    /// <summary>Which API takes the rows.</summary>
    public ApiTarget Api => IsCollection ? ApiTarget.App : ApiTarget.Track;

    /// <summary>The path with its values.</summary>
    public string Route => RouteOf(Operation);

    /// <summary>The path of an operation on the same target.</summary>
    public string RouteOf(Operation operation) => RouteValues.Aggregate(
        operation.Route, (route, value) => route.Replace($"{{{value.Key}}}", value.Value, StringComparison.Ordinal));

    /// <summary>The query of each request.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query(ImportMapping mapping) =>
        Operation.Name == "segment" ? [new("id_type", mapping.IdentifierKind)] : [];

    /// <summary>Finds a target by its name; a segment's is asked for.</summary>
    /// <exception cref="SluiceException">There is no such target (kind Config).</exception>
    public static async Task<ImportTarget> FindAsync(ImportSettings settings, CustomerIoClient client, CancellationToken cancel)
    {
        var names = OperationCatalog.All.Select(one => one.Name is "segment" or Collection ? $"{one.Name}:NAME" : one.Name).ToList();
        if (OperationCatalog.Find(settings.TargetName) is not { } operation)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"There is no target '{settings.Target}'.",
                Suggestion.For(settings.TargetName, names) ?? $"There are {string.Join(", ", names)}.");
        }

        if (operation.Name == Collection)
        {
            return await CollectionAsync(operation, settings.TargetDetail ?? "", client, cancel);
        }

        if (operation.Name != "segment")
        {
            return settings.TargetDetail is null
                ? new ImportTarget(operation)
                : throw new SluiceException(
                    SluiceErrorKind.Config, $"{operation.Name} has nothing behind a colon.", $"Write --into {operation.Name}.");
        }

        var id = await SegmentAsync(settings.TargetDetail ?? "", client, cancel);
        return new ImportTarget(operation) { RouteValues = [new("segment_id", id)] };
    }

    /// <summary>Whether a collection that was not there is there now.</summary>
    public async Task<bool> LookAgainAsync(CustomerIoClient client, CancellationToken cancel)
    {
        CollectionId = (await CollectionContent.ListAsync(client, cancel)).Where(one => one.Name == NewName).Select(one => one.Id).FirstOrDefault();
        return CollectionId is not null;
    }

    // One that is not there is made with its rows.
    private static async Task<ImportTarget> CollectionAsync(Operation operation, string named, CustomerIoClient client, CancellationToken cancel)
    {
        if (named.Length == 0)
        {
            throw new SluiceException(SluiceErrorKind.Config, "The collection has no name.", "Write --into collection:NAME.");
        }

        var found = (await CollectionContent.ListAsync(client, cancel)).Where(one => one.Id == named || one.Name == named).ToList();
        return found switch
        {
            [var (id, _)] => new ImportTarget(operation) { CollectionId = id, RouteValues = [new("collection_id", id)] },
            [] when named.All(char.IsAsciiDigit) => throw new SluiceException(
                SluiceErrorKind.Config, $"There is no collection with the id {named}.",
                "'sluice query \"SELECT id, name FROM collections\"' lists them."),
            [] => new ImportTarget(operation with
            {
                Method = "POST",
                Route = "/v1/collections",
                Head = $$"""{"name":{{JsonSerializer.Serialize(named, TextJson.Default.String)}},"data":[""",
                Tail = "]}",
                IsRepeatable = false,
            })
            {
                NewName = named,
            },
            _ => throw new SluiceException(
                SluiceErrorKind.Config,
                string.Create(CultureInfo.InvariantCulture, $"{found.Count} collections are called '{named}'."),
                $"Name one by its id: {string.Join(", ", found.Select(one => one.Id))}."),
        };
    }

    private static async Task<string> SegmentAsync(string named, CustomerIoClient client, CancellationToken cancel)
    {
        var answer = await client.SendAsync(ApiRequest.Get("/v1/segments"), cancel);
        using var document = JsonDocument.Parse(answer.Body);
        var segments = document.RootElement.GetProperty("segments").EnumerateArray()
            .Select(
                one => (
                    Id: one.GetProperty("id").ToString(),
                    Name: one.GetProperty("name").GetString() ?? "",
                    Type: one.GetProperty("type").GetString()))
            .ToList();
        var manual = segments.Where(one => one.Type == "manual").ToList();
        var found = segments.Where(one => one.Id == named || one.Name == named).ToList();
        return found switch
        {
            [{ Type: "manual" } only] => only.Id,
            [_] => throw new SluiceException(
                SluiceErrorKind.Config, $"The segment '{named}' is made of conditions: nobody can be added by hand.", Manual(manual)),
            [] => throw new SluiceException(SluiceErrorKind.Config, $"There is no segment '{named}'.", Manual(manual)),
            _ => throw new SluiceException(
                SluiceErrorKind.Config,
                string.Create(CultureInfo.InvariantCulture, $"{found.Count} segments are called '{named}'."),
                $"Name one by its id: {string.Join(", ", found.Select(one => one.Id))}."),
        };
    }

    private static string Manual(List<(string Id, string Name, string? Type)> manual) => manual.Count == 0
        ? "The workspace has no manual segment; one is made in Customer.io under People > Segments."
        : $"Manual segments are {string.Join(", ", manual.Take(10).Select(one => $"segment:{one.Id} ({one.Name})"))}.";
}
