using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;

namespace Sluice.Destinations.Files.Objects;

/// <summary>A container of Azure Blob Storage, by its REST interface.</summary>
/// <param name="container">The container.</param>
/// <param name="account">The account with the way in.</param>
/// <param name="time">The clock that requests are signed by.</param>
internal sealed class AzureClient(string container, AzureAccount account, TimeProvider time) : IObjectClient
{
    private const int BlockBytes = 8 * 1024 * 1024;

    private readonly AzureRequests _requests = new(container, account, time);

    public string Name => $"azblob://{container}";

    public Task<StoredObject?> ReadAsync(string key, CancellationToken cancel) => Again.TryAsync(
        async () =>
        {
            using var answer = await _requests.SendAsync(() => _requests.New(HttpMethod.Get, key), $"reading {key}", [HttpStatusCode.NotFound], cancel);
            return answer.StatusCode == HttpStatusCode.NotFound ? null : new StoredObject(await _requests.BytesAsync(answer, $"reading {key}", cancel), answer.Headers.ETag!.Tag);
        },
        cancel);

    public async Task<bool> WriteAsync(string key, byte[] content, ExpectedVersion expected, CancellationToken cancel)
    {
        HttpStatusCode[] refusals = [HttpStatusCode.PreconditionFailed, HttpStatusCode.Conflict];
        using var answer = await Again.TryAsync(
            () => _requests.SendAsync(() => Expecting(_requests.Put(key, "", content, 0, content.Length), expected), $"writing {key}", expected.IsAnything ? [] : refusals, cancel), cancel);
        return answer.IsSuccessStatusCode;
    }

    public async Task UploadAsync(string path, string key, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
        var buffer = new byte[(int)Math.Min(BlockBytes, file.Length)];
        if (file.Length <= BlockBytes)
        {
            await PutAsync(key, "", buffer, await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel), cancel);
            return;
        }

        // Blocks that no list names are not the blob's; Azure lets go of them after a week.
        var blocks = new List<string>();
        for (int read; (read = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel)) > 0;)
        {
            blocks.Add(Convert.ToBase64String(Encoding.ASCII.GetBytes($"{blocks.Count:D8}")));
            await PutAsync(key, $"?blockid={Uri.EscapeDataString(blocks[^1])}&comp=block", buffer, read, cancel);
        }

        var list = Encoding.UTF8.GetBytes(new XElement("BlockList", blocks.Select(block => new XElement("Latest", block))).ToString());
        await PutAsync(key, "?comp=blocklist", list, list.Length, cancel);
    }

    public Task DownloadAsync(string key, string path, CancellationToken cancel) => Again.TryAsync(
        async () =>
        {
            using var answer = await _requests.SendAsync(() => _requests.New(HttpMethod.Get, key), $"reading {key}", [], cancel);
            await using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
            await _requests.CopyAsync(answer, file, $"reading {key}", cancel);
            return true;
        },
        cancel);

    public async Task DeleteAsync(IReadOnlyList<string> keys, CancellationToken cancel)
    {
        foreach (var key in keys)
        {
            using var answer = await Again.TryAsync(
                () => _requests.SendAsync(() => _requests.New(HttpMethod.Delete, key), $"removing {key}", [HttpStatusCode.NotFound], cancel), cancel);
        }
    }

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var page in PagesAsync(prefix, "", cancel))
        {
            foreach (var blob in page.Descendants("Blob"))
            {
                yield return NameOf(blob);
            }
        }
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var page in PagesAsync(prefix, "&delimiter=%2F", cancel))
        {
            foreach (var folder in page.Descendants("BlobPrefix"))
            {
                yield return NameOf(folder)[prefix.Length..].TrimEnd('/');
            }
        }
    }

    public void Dispose() => _requests.Dispose();

    private async Task PutAsync(string key, string query, byte[] content, int length, CancellationToken cancel)
    {
        using var answer = await Again.TryAsync(() => _requests.SendAsync(() => _requests.Put(key, query, content, 0, length), $"writing {key}", [], cancel), cancel);
    }

    private async IAsyncEnumerable<XElement> PagesAsync(string prefix, string more, [EnumeratorCancellation] CancellationToken cancel)
    {
        var marker = "";
        do
        {
            var query = $"?comp=list{more}{(marker.Length == 0 ? "" : $"&marker={Uri.EscapeDataString(marker)}")}&prefix={Uri.EscapeDataString(prefix)}&restype=container";
            var page = await Again.TryAsync(
                async () =>
                {
                    using var answer = await _requests.SendAsync(() => _requests.New(HttpMethod.Get, "", query), $"listing {prefix}", [], cancel);
                    var text = Encoding.UTF8.GetString(await _requests.BytesAsync(answer, $"listing {prefix}", cancel));
                    return XElement.Parse(text.TrimStart('\uFEFF'));
                },
                cancel);
            marker = page.Element("NextMarker")?.Value ?? "";
            yield return page;
        }
        while (marker.Length > 0);
    }

    // Names with letters that XML can't hold come percent-encoded.
    private static string NameOf(XElement found)
    {
        var name = found.Element("Name")!;
        return (string?)name.Attribute("Encoded") == "true" ? Uri.UnescapeDataString(name.Value) : name.Value;
    }

    private static HttpRequestMessage Expecting(HttpRequestMessage request, ExpectedVersion expected)
    {
        if (!expected.IsAnything && expected.Tag is { } tag)
        {
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(tag));
        }
        else if (!expected.IsAnything)
        {
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        }

        return request;
    }
}
