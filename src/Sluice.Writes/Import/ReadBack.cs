using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.CustomerIo;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Import;

/// <summary>Asks the App API for what was sent, as cheaply as each target allows, and names what is not so.</summary>
/// <param name="client">The way to the workspace.</param>
/// <param name="operation">What was sent.</param>
/// <param name="kind">What names people: id, email or cio_id.</param>
/// <param name="routeValues">The values of the operation's path.</param>
internal sealed class ReadBack(
    CustomerIoClient client, Operation operation, string kind, IReadOnlyList<KeyValuePair<string, string>> routeValues)
{
    public const int PeopleOfRequest = 100;
    private const int MembersOfRequest = 30_000;
    public const int MostSideBySide = 4;

    /// <summary>What is said of a message that the App API does not know, as it may be a while after it has taken it.</summary>
    public const string NotKnownYet = "is not among the messages yet";

    private readonly string _target = operation.Name;

    /// <summary>Whether the App API gives what the target's rows have changed; of events it gives no way to find one again.</summary>
    public static bool CanRead(string target) => target is not "events";

    /// <summary>Rows of a sample.</summary>
    public int SampleRows => SampleOf(operation);

    /// <summary>Rows that are compared at once.</summary>
    public int RowsAtOnce => IsOneByOne ? MostSideBySide : _target == "segment" ? 100_000 : PeopleOfRequest * MostSideBySide;

    /// <summary>Whether upper and lower case make no difference in what names a person.</summary>
    public bool IgnoresCase => kind == "email";

    private StringComparer Comparer => IgnoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private bool IsOneByOne => IsAlone(operation);

    /// <summary>How many requests so many rows need at least.</summary>
    public long Requests(long rows) => Requests(operation, rows);

    /// <summary>Rows of a sample of an operation.</summary>
    public static int SampleOf(Operation operation) => IsAlone(operation) ? 50 : 200;

    /// <summary>How many requests so many rows of an operation need at least.</summary>
    public static long Requests(Operation operation, long rows) =>
        IsAlone(operation) ? rows
        : operation.Name == "segment" ? Math.Max(1, rows / MembersOfRequest)
        : (rows + PeopleOfRequest - 1) / PeopleOfRequest;

    public async Task<IReadOnlyList<Difference>> CompareAsync(IReadOnlyList<SentRow> rows, CancellationToken cancel)
    {
        if (_target == "segment")
        {
            return await OutsideAsync(rows, cancel);
        }

        var parts = rows.Chunk(IsOneByOne ? 1 : PeopleOfRequest).Select(part => _target switch
        {
            "objects" => ObjectAsync(part[0], cancel),
            "relationships" => RelationshipAsync(part[0], cancel),
            "message" => MessageAsync(part[0], cancel),
            _ => PeopleAsync(part, cancel),
        });
        return [.. (await Task.WhenAll(parts)).SelectMany(part => part)];
    }

    private async Task<IReadOnlyList<Difference>> PeopleAsync(IReadOnlyList<SentRow> rows, CancellationToken cancel)
    {
        var found = await FindAsync([.. rows.Select(row => row.Person!)], cancel);
        return [.. rows.SelectMany(row => ComparePerson(row, found.TryGetValue(row.Person!, out var person) ? person : null))];
    }

    /// <summary>The people who are there, of 100 at most, by what names them.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>> FindAsync(IReadOnlyList<string> people, CancellationToken cancel)
    {
        var ids = new JsonObject { ["ids"] = new JsonArray([.. people.Select(one => JsonValue.Create(one))]) };
        var request = ApiRequest.Search("/v1/customers/attributes", Encoding.UTF8.GetBytes(ids.ToJsonString())).WithQuery("id_type", kind);
        var found = new Dictionary<string, JsonElement>(Comparer);
        var shape = new PageShape { RootKeys = ["customers"], ItemKey = "customer" };
        await foreach (var page in new PageReader(client).ReadAsync(request, shape, cancel: cancel))
        {
            foreach (var person in Enumerable.Range(0, page.Records.Count).Select(place => Parse(page.Record(place))))
            {
                found[IdentifierOf(person)] = person;
            }
        }

        return found;
    }

    private IEnumerable<Difference> ComparePerson(SentRow row, JsonElement? person)
    {
        if (operation.IsRemoval)
        {
            return Gone(row, person is null);
        }

        return person is not { } found
            ? [new Difference(row, "", "is not there: suppressed, or Customer.io has dropped the change")]
            : SentValues.Compare(
                row, Member(found, "attributes"), Member(found, "unsubscribed") is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag
                    ? flag.GetBoolean()
                    : null);
    }

    // Identifiers stand in an object of their own, which examples of the reference leave out; attributes have them too.
    private string IdentifierOf(JsonElement person) => new[]
    {
        Member(Member(person, "identifiers"), kind),
        Member(Member(person, "attributes"), kind),
        Member(person, "id"),
    }.Where(value => value.ValueKind is JsonValueKind.String or JsonValueKind.Number).Select(SentValues.TextOf).FirstOrDefault("");

    private async Task<IReadOnlyList<Difference>> MessageAsync(SentRow row, CancellationToken cancel)
    {
        var found = await ReadAsync(ApiRequest.Get("/v1/messages/{message_id}", new KeyValuePair<string, string>("message_id", row.Person!)), cancel);
        if (found is not { } answer)
        {
            return [new Difference(row, "", NotKnownYet)];
        }

        var failure = Member(Member(answer, "message"), "failure_message");
        return failure.ValueKind == JsonValueKind.String && failure.GetString() is { Length: > 0 } why
            ? [new Difference(row, "", $"has failed: {why}")]
            : [];
    }

    private async Task<IReadOnlyList<Difference>> ObjectAsync(SentRow row, CancellationToken cancel)
    {
        var request = ApiRequest.Get(
            "/v1/objects/{object_type_id}/{object_id}/attributes", new("object_type_id", row.Object!.Type), new("object_id", row.Object.Id));
        var found = await ReadAsync(request, cancel);
        return operation.IsRemoval ? Gone(row, found is null)
            : found is { } answer ? [.. SentValues.Compare(row, Member(Member(answer, "object"), "attributes"))]
            : [new Difference(row, "", "is not there")];
    }

    private async Task<IReadOnlyList<Difference>> RelationshipAsync(SentRow row, CancellationToken cancel)
    {
        var request = ApiRequest.Get("/v1/customers/{customer_id}/relationships", new KeyValuePair<string, string>("customer_id", row.Person!))
            .WithQuery("id_type", kind).WithQuery("limit", "1000");
        var shape = new PageShape { RootKeys = ["cio_relationships"], Paged = true };
        try
        {
            await foreach (var page in new PageReader(client).ReadAsync(request, shape, cancel: cancel))
            {
                foreach (var one in Enumerable.Range(0, page.Records.Count).Select(place => Parse(page.Record(place))))
                {
                    if (SentValues.TextOf(Member(one, "object_type_id")) == row.Object!.Type
                        && SentValues.TextOf(Member(Member(one, "identifiers"), "object_id")) == row.Object.Id)
                    {
                        return operation.IsRemoval ? Gone(row, isGone: false) : [.. SentValues.Compare(row, Member(one, "attributes"))];
                    }
                }
            }
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound)
        {
            return operation.IsRemoval ? [] : [new Difference(row, "", "is not there: there is no such person")];
        }

        return operation.IsRemoval ? [] : [new Difference(row, "", "is not there")];
    }

    // All members in pages of 30,000 cost less than a request for each person.
    private async Task<IReadOnlyList<Difference>> OutsideAsync(IReadOnlyList<SentRow> rows, CancellationToken cancel)
    {
        var wanted = rows.Select(row => row.Person!).ToHashSet(Comparer);
        var members = new HashSet<string>(Comparer);
        var request = ApiRequest.Get("/v1/segments/{segment_id}/membership", [.. routeValues]).WithQuery("limit", "30000");
        var shape = new PageShape { RootKeys = ["identifiers"], Paged = true };
        await foreach (var page in new PageReader(client).ReadAsync(request, shape, cancel: cancel))
        {
            foreach (var member in Enumerable.Range(0, page.Records.Count).Select(place => Member(Parse(page.Record(place)), kind)))
            {
                if (member.ValueKind is JsonValueKind.String or JsonValueKind.Number && wanted.Contains(SentValues.TextOf(member)))
                {
                    members.Add(SentValues.TextOf(member));
                }
            }
        }

        return operation.IsRemoval
            ? [.. rows.Where(row => members.Contains(row.Person!)).Select(row => new Difference(row, "", "is still in the segment"))]
            : [.. rows.Where(row => !members.Contains(row.Person!))
            .Select(row => new Difference(row, "", "is not in the segment: there is no such person, or Customer.io has dropped the change"))];
    }

    private async Task<JsonElement?> ReadAsync(ApiRequest request, CancellationToken cancel)
    {
        try
        {
            return Parse((await client.SendAsync(request, cancel)).Body);
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound)
        {
            return null;
        }
    }

    // The App API has no request for several of them.
    private static bool IsAlone(Operation operation) => operation.Name is "objects" or "relationships" or "message";

    private static IReadOnlyList<Difference> Gone(SentRow row, bool isGone) => isGone ? [] : [new Difference(row, "", "is still there")];

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static JsonElement Member(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var member) ? member : default;
}
