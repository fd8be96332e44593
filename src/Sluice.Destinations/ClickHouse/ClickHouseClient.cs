using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Destinations.ClickHouse;

/// <summary>One server by its HTTP interface. Statements go in the body, so that no length limits them; credentials go in headers, so that no log has them.</summary>
internal sealed partial class ClickHouseClient : IDisposable
{
    private const int MostErrorLetters = 600;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http;
    private ClickHouseVersion? _version;

    public ClickHouseClient(ClickHouseAddress address)
    {
        Address = address;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli,
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
        })
        {
            // Each statement has a time limit of its own.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public ClickHouseAddress Address { get; }

    /// <summary>The server's version, known once it has been asked.</summary>
    public ClickHouseVersion Version => _version ?? throw new InvalidOperationException("The server is asked for its version first.");

    /// <summary>Connects: asks for the version.</summary>
    public async Task ConnectAsync(CancellationToken cancel) => _version = new ClickHouseVersion((await RowsAsync("SELECT version()", cancel))[0][0]!);

    /// <summary>Runs a statement that gives no rows.</summary>
    public async Task RunAsync(string sql, CancellationToken cancel, params (string Name, string Value)[] values) =>
        await RowsAsync(sql, writes: true, values, cancel);

    /// <summary>The rows of a query that gives few.</summary>
    public Task<IReadOnlyList<string?[]>> RowsAsync(string sql, CancellationToken cancel, params (string Name, string Value)[] values) => RowsAsync(sql, writes: false, values, cancel);

    /// <summary>The one number that a query gives.</summary>
    public async Task<long> CountAsync(string sql, CancellationToken cancel, params (string Name, string Value)[] values) =>
        long.Parse((await RowsAsync(sql, cancel, values))[0][0]!, NumberStyles.Integer, CultureInfo.InvariantCulture);

    /// <summary>The answer to a query as it comes, complete on the server's side before the first byte is sent: an error can't hide in the middle.</summary>
    public async Task<HttpResponseMessage> StreamAsync(string sql, CancellationToken cancel, params (string Name, string Value)[] values)
    {
        var (text, parameters) = Bind(sql, values);
        return await SendAsync(parameters, new StringContent(text, Encoding.UTF8), cancel);
    }

    /// <summary>Runs an INSERT whose data come in the body.</summary>
    public async Task InsertAsync(string sql, HttpContent data, CancellationToken cancel)
    {
        using var response = await SendAsync($"&query={Uri.EscapeDataString(sql)}{WriteSettings}", data, cancel);
    }

    public void Dispose() => _http.Dispose();

    // What a user's profile may have set otherwise, and what would change the meaning of a load.
    private string WriteSettings => _version?.IsModern == true
        ? "&max_query_size=10000000&async_insert=0&insert_deduplicate=0&transform_null_in=0&join_use_nulls=0&final=0&prefer_column_name_to_alias=0"
        : "&max_query_size=10000000";

    private async Task<IReadOnlyList<string?[]>> RowsAsync(string sql, bool writes, (string Name, string Value)[] values, CancellationToken cancel)
    {
        var (text, parameters) = Bind(sql, values);
        using var response = await SendAsync(writes ? parameters + WriteSettings : parameters, new StringContent(text, Encoding.UTF8), cancel);
        var answer = await ReadTextAsync(response, cancel);
        return answer.Length == 0 ? [] : [.. answer[..^1].Split('\n').Select(line => line.Split('\t').Select(ClickHouseText.Unescape).ToArray())];
    }

    // Old servers have no parameters: their place is taken by literals.
    private (string Sql, string Parameters) Bind(string sql, (string Name, string Value)[] values) => _version?.IsModern == true
        ? (sql, string.Concat(values.Select(value => $"&param_{value.Name}={Uri.EscapeDataString(ClickHouseText.Escape(value.Value))}")))
        : (values.Length == 0 ? sql : Parameter().Replace(sql, found => ClickHouseText.Literal(values.First(value => value.Name == found.Groups[1].Value).Value)), "");

    private async Task<HttpResponseMessage> SendAsync(string parameters, HttpContent content, CancellationToken cancel)
    {
        var id = Guid.NewGuid().ToString();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address.Endpoint, $"?query_id={id}&wait_end_of_query=1{parameters}")) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Address.User}:{Address.Password}"))}");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Address.Timeout);
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return response.IsSuccessStatusCode && !response.Headers.Contains("X-ClickHouse-Exception-Code") ? response : throw await FailedAsync(response, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await KillAsync(id);
            cancel.ThrowIfCancellationRequested();
            throw new ClickHouseException(ClickHouseException.NoAnswer, $"no answer for {Address.Timeout.TotalSeconds:0} seconds (timeout=… in the address changes that)");
        }
        catch (HttpRequestException error)
        {
            throw new ClickHouseException(ClickHouseException.NoAnswer, Reason(error), error);
        }
    }

    private static string Reason(Exception error) => error.InnerException is { } inner ? $"{error.Message.TrimEnd('.')}: {inner.Message}" : error.Message;

    private static async Task<ClickHouseException> FailedAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        using (response)
        {
            var text = (await ReadTextAsync(response, cancel)).Trim();
            var code = Code().Match(text) is { Success: true } found ? int.Parse(found.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : -1;
            var words = Noise().Replace(text.Split("Stack trace", 2)[0], "").Trim();
            words = words.Length > MostErrorLetters ? string.Concat(words.AsSpan(0, MostErrorLetters), " …") : words;
            return new ClickHouseException(code, code < 0 ? $"HTTP status {(int)response.StatusCode}: {words}" : $"{words} (error {code})");
        }
    }

    private static async Task<string> ReadTextAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            return await response.Content.ReadAsStringAsync(cancel);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new ClickHouseException(ClickHouseException.NoAnswer, Reason(error), error);
        }
    }

    // Best effort: who cancels does not wait for a server that does not answer, and the statement may be over already.
    private async Task KillAsync(string id)
    {
        using var limit = new CancellationTokenSource(KillTimeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, Address.Endpoint) { Content = new StringContent($"KILL QUERY WHERE query_id = '{id}' ASYNC") };
        request.Headers.TryAddWithoutValidation("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Address.User}:{Address.Password}"))}");
        try
        {
            using var response = await _http.SendAsync(request, limit.Token);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return;
        }
    }

    [GeneratedRegex(@"\{(\w+):\w+\}", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"Code: (\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex Code();

    [GeneratedRegex(@"^Code: \d+[.,] (e\.displayText\(\) = )?DB::Exception: |, e\.what\(\) = DB::Exception$| \(version [^)]*(\([^)]*\))?\)$", RegexOptions.NonBacktracking)]
    private static partial Regex Noise();
}
