using System.Globalization;
using System.Text.Json;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>A partition of which Customer.io says how many records it has: the number is kept beside its pages, for the account at the end.</summary>
internal sealed class CountedPartitionReader(ExtractionRun run, PartitionReader reader, CountRule rule)
{
    public async Task ReadAsync(string name, ParentRow row, Func<Task<long>> read, CancellationToken cancel)
    {
        var expected = run.Sink.Partition(name).Expected;
        if (expected is null)
        {
            expected = await CountAsync(row, cancel);
            await KeepAsync(name, expected, cancel);
        }

        var rows = await read();
        if (expected > rows && !run.HasEnough && rule.Path is not null)
        {
            // Records may have gone while the list was read: only what is missing by the later number is missing.
            await KeepAsync(name, Math.Min(expected.Value, await CountAsync(row, cancel) ?? expected.Value), cancel);
        }
    }

    private async Task KeepAsync(string name, long? expected, CancellationToken cancel)
    {
        if (expected is { } count)
        {
            await run.Sink.ExpectAsync(name, count, cancel);
        }
    }

    private async Task<long?> CountAsync(ParentRow row, CancellationToken cancel)
    {
        if (rule.Path is null)
        {
            return long.TryParse(row.Text(rule.Column!), CultureInfo.InvariantCulture, out var told) ? told : null;
        }

        var request = RequestBuilder.Build(
            run.Extraction.Resource with
            {
                Path = rule.Path,
                Query = new Dictionary<string, string>(),
                PageSize = null,
                Body = null,
            },
            row);
        var answer = await reader.AskAsync(request, cancel);
        using var document = JsonDocument.Parse(answer.Body);
        return
            document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(rule.Key, out var count)
            && count.TryGetInt64(out var number)
            ? number
            : throw new SluiceException(
                SluiceErrorKind.Api, $"{request.Method.Method} {rule.Path} answered without the number {rule.Key}.",
                "Customer.io may have changed the answer. Nothing was written; please report it with this message.");
    }
}
