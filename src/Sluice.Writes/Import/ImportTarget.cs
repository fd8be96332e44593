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
    public IReadOnlyList<KeyValuePair<string, string>> RouteValues { get; private init; } = [];

    /// <summary>The path with its values.</summary>
    public string Route => RouteValues.Aggregate(
        Operation.Route, (route, value) => route.Replace($"{{{value.Key}}}", value.Value, StringComparison.Ordinal));

    /// <summary>The query of each request.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query(ImportMapping mapping) =>
        Operation.Name == "segment" ? [new("id_type", mapping.IdentifierKind)] : [];

    /// <summary>Finds a target by its name; a segment's is asked for.</summary>
    /// <exception cref="SluiceException">There is no such target (kind Config).</exception>
    public static async Task<ImportTarget> FindAsync(ImportSettings settings, CustomerIoClient client, CancellationToken cancel)
    {
        var names = OperationCatalog.All.Select(one => one.Name == "segment" ? "segment:NAME" : one.Name).ToList();
        if (OperationCatalog.Find(settings.TargetName) is not { } operation)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"There is no target '{settings.Target}'.",
                Suggestion.For(settings.TargetName, names) ?? $"There are {string.Join(", ", names)}.");
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
