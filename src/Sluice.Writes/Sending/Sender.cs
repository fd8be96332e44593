using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Sending;

/// <summary>Sends one request of an operation and says what is known of it afterwards.</summary>
internal sealed class Sender(CustomerIoClient client, Operation operation, bool isRepeatable)
{
    private const int MultiStatus = 207;

    /// <summary>The values of the route's braces.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> RouteValues { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    public ApiTarget Api { get; init; } = ApiTarget.Track;

    /// <summary>Sends a body that is journalled; only what makes going on useless is thrown, and then nothing was processed.</summary>
    /// <exception cref="CustomerIoException">The key is refused, or Customer.io could not be reached with what may be repeated.</exception>
    public Task<SendOutcome> SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        SendAsync(
            client,
            ApiRequest.Write(HttpMethod.Parse(operation.Method), operation.Route, body, Api) with
            {
                RouteValues = RouteValues,
                Query = Query,
                IsRepeatable = isRepeatable,
            },
            cancel);

    /// <summary>The same for any request.</summary>
    public static async Task<SendOutcome> SendAsync(CustomerIoClient client, ApiRequest request, CancellationToken cancel)
    {
        try
        {
            var answer = await client.SendAsync(request, cancel);
            return new SendOutcome(SendState.Done)
            {
                Failures = answer.Status == MultiStatus ? FailuresOf(answer.Body) : [],
                Answer = answer.Body,
            };
        }
        catch (CustomerIoException error) when (!request.IsRepeatable && error.MayHaveBeenProcessed)
        {
            return new SendOutcome(SendState.Unknown) { Reason = error.Message };
        }
        catch (CustomerIoException error) when (error.Kind is CustomerIoErrorKind.BadRequest or CustomerIoErrorKind.NotFound)
        {
            return new SendOutcome(SendState.Refused)
            {
                Reason = error.Detail ?? error.Message,
                IsMissing = error.Kind == CustomerIoErrorKind.NotFound,
            };
        }
    }

    // 207 names the items that were not taken; the others were.
    private static IReadOnlyList<ItemFailure> FailuresOf(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var hasErrors = document.RootElement.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array;
        return hasErrors && errors.GetArrayLength() > 0
            ? [.. errors.EnumerateArray().Select(FailureOf).GroupBy(one => one.Index).SelectMany(OfOneItem)]
            : [new ItemFailure(-1, "", "answered with 207, which says that some were not taken, and did not say which")];
    }

    // An item can be refused for several reasons; it is one item all the same. Those that are not named may be several.
    private static IEnumerable<ItemFailure> OfOneItem(IGrouping<int, ItemFailure> failures) => failures.Key < 0
        ? failures
        : [failures.First() with { Message = string.Join("; ", failures.Select(one => one.Message).Distinct(StringComparer.Ordinal)) }];

    private static ItemFailure FailureOf(JsonElement error)
    {
        var index = error.TryGetProperty("batch_index", out var number) && number.TryGetInt32(out var found) ? found : -1;
        return new ItemFailure(index, TextOf(error, "field") ?? "", TextOf(error, "message") ?? TextOf(error, "reason") ?? "refused");
    }

    private static string? TextOf(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>What is known of a request.</summary>
internal enum SendState
{
    /// <summary>Customer.io has taken it, but for the items that failed.</summary>
    Done,

    /// <summary>Customer.io has refused all of it.</summary>
    Refused,

    /// <summary>It may have been processed, and must not be repeated.</summary>
    Unknown,
}

/// <summary>What is known of a request, with the items that were not taken.</summary>
internal sealed record SendOutcome(SendState State)
{
    public IReadOnlyList<ItemFailure> Failures { get; init; } = [];

    public string? Reason { get; init; }

    /// <summary>The body of the answer.</summary>
    public ReadOnlyMemory<byte> Answer { get; init; }

    /// <summary>Whether it was refused because what it is about is not there.</summary>
    public bool IsMissing { get; init; }
}

/// <summary>An item that was not taken, by its place in the request; -1 when the answer does not say which.</summary>
internal sealed record ItemFailure(int Index, string Field, string Message);
