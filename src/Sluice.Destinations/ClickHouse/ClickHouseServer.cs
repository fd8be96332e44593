using System.Data.Common;
using System.Globalization;
using ClickHouse.Driver;
using ClickHouse.Driver.ADO;
using ClickHouse.Driver.ADO.Parameters;
using Sluice.Engine;

namespace Sluice.Destinations.ClickHouse;

/// <summary>One server by its HTTP interface: what each statement is sent with, how long it may take, and how its errors are told.</summary>
internal sealed class ClickHouseServer : IDisposable
{
    // ReplacingMergeTree has its mark of deleted rows since 23.2, the last of what is used here; 23.3 is the first long-lived release with it.
    private static readonly Version Oldest = new(23, 3);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(2);

    // The answer is complete on the server's side before its first byte is sent: an error can't hide in the middle.
    private static readonly Dictionary<string, object> ReadSettings = new(StringComparer.Ordinal) { ["wait_end_of_query"] = 1 };

    // What a user's profile may have set otherwise, and what would change the meaning of a load.
    private static readonly Dictionary<string, object> WriteSettings = new(ReadSettings, StringComparer.Ordinal)
    {
        ["max_query_size"] = 10_000_000,
        ["async_insert"] = 0,
        ["insert_deduplicate"] = 0,
        ["transform_null_in"] = 0,
        ["join_use_nulls"] = 0,
        ["final"] = 0,
        ["prefer_column_name_to_alias"] = 0,
    };

    private readonly HttpClient _http;
    private readonly ClickHouseClient _driver;

    public ClickHouseServer(ClickHouseAddress address)
    {
        Address = address;
        var sockets = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
        };

        // Each statement has a time limit of its own.
        _http = new HttpClient(new ReadOnlyRequests(sockets)) { Timeout = Timeout.InfiniteTimeSpan };
        _driver = new ClickHouseClient(new ClickHouseClientSettings
        {
            Host = address.Host,
            Port = (ushort)address.Port,
            Protocol = address.Endpoint.Scheme,
            Username = address.User,
            Password = address.Password,
            HttpClient = _http,
            UseCompression = false,
            JsonReadMode = JsonReadMode.None,
            JsonWriteMode = JsonWriteMode.None,
        });
    }

    public ClickHouseAddress Address { get; }

    /// <summary>The server's version, known once it has been asked.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Connects: asks for the version, in a format that every server knows.</summary>
    public async Task ConnectAsync(CancellationToken cancel)
    {
        Version = await SendAsync(ReadSettings, async (options, limit) =>
        {
            using var answer = await _driver.ExecuteRawResultAsync("SELECT version() FORMAT TabSeparatedRaw", options, limit);
            using var reader = new StreamReader(await answer.ReadAsStreamAsync());
            return (await reader.ReadToEndAsync(limit)).Trim();
        }, cancel);
        RequireSupported(Version, Address);
    }

    /// <summary>Fails when a server is too old for what loads are made of.</summary>
    public static void RequireSupported(string version, ClickHouseAddress address)
    {
        var parts = version.Split('.');
        if (parts.Length < 2 || !System.Version.TryParse($"{parts[0]}.{parts[1]}", out var found) || found < Oldest)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"The ClickHouse server at {address} has version {version}; Sluice needs {Oldest} or newer.",
                "Upgrade the server, or load into another destination.");
        }
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public Task RunAsync(string sql, CancellationToken cancel, params (string Name, string Value)[] values) =>
        SendAsync(WriteSettings, (options, limit) => _driver.ExecuteNonQueryAsync(sql, Bind(values), options, limit), cancel);

    /// <summary>The rows of a query that gives few.</summary>
    public Task<IReadOnlyList<T>> ListAsync<T>(
        string sql, Func<DbDataReader, T> read, CancellationToken cancel, params (string Name, string Value)[] values) =>
        SendAsync<IReadOnlyList<T>>(ReadSettings, async (options, limit) =>
        {
            await using var reader = await _driver.ExecuteReaderAsync(sql, Bind(values), options, limit);
            var rows = new List<T>();
            while (await reader.ReadAsync(limit))
            {
                rows.Add(read(reader));
            }

            return rows;
        }, cancel);

    /// <summary>The one number that a query gives.</summary>
    public async Task<long> CountAsync(string sql, CancellationToken cancel, params (string Name, string Value)[] values) =>
        (await ListAsync(sql, row => Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture), cancel, values))[0];

    /// <summary>The rows of a query as they come.</summary>
    public Task<DbDataReader> ReadAsync(string sql, CancellationToken cancel) =>
        SendAsync<DbDataReader>(ReadSettings, async (options, limit) => await _driver.ExecuteReaderAsync(sql, null, options, limit), cancel);

    /// <summary>Runs an INSERT with the data that belong to it.</summary>
    /// <param name="sql">The statement, up to the name of the format.</param>
    /// <param name="data">The data; disposed in any case.</param>
    /// <param name="cancel">Stops the sending.</param>
    public Task InsertAsync(string sql, Stream data, CancellationToken cancel) => SendAsync(WriteSettings, async (options, limit) =>
    {
        using var response = await _driver.PostStreamAsync(sql, data, isCompressed: false, limit, options);
        return true;
    }, cancel);

    public void Dispose()
    {
        _driver.Dispose();
        _http.Dispose();
    }

    private static ClickHouseParameterCollection? Bind((string Name, string Value)[] values)
    {
        var parameters = new ClickHouseParameterCollection();
        foreach (var (name, value) in values)
        {
            parameters.Add(new ClickHouseDbParameter { ParameterName = name, Value = value });
        }

        return values.Length == 0 ? null : parameters;
    }

    private async Task<T> SendAsync<T>(
        Dictionary<string, object> settings, Func<QueryOptions, CancellationToken, Task<T>> send, CancellationToken cancel)
    {
        var options = new QueryOptions { QueryId = Guid.NewGuid().ToString(), CustomSettings = settings };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Address.Timeout);
        try
        {
            return await send(options, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await KillAsync(options.QueryId);
            cancel.ThrowIfCancellationRequested();
            throw new ClickHouseException(
                ClickHouseException.NoAnswer, $"no answer for {Address.Timeout.TotalSeconds:0} seconds (timeout=… in the address changes that)");
        }
        catch (Exception error) when (ClickHouseException.From(error) is not null)
        {
            throw ClickHouseException.From(error)!;
        }
    }

    // Best effort: who cancels does not wait for a server that does not answer, and the statement may be over already.
    private async Task KillAsync(string id)
    {
        using var limit = new CancellationTokenSource(KillTimeout);
        try
        {
            await _driver.ExecuteNonQueryAsync($"KILL QUERY WHERE query_id = '{id}' ASYNC", null, null, limit.Token);
        }
        catch (Exception error) when (error is OperationCanceledException || ClickHouseException.From(error) is not null)
        {
            return;
        }
    }

    // The driver sends this setting with each statement, and users who may only read may set nothing.
    private sealed class ReadOnlyRequests(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(request.RequestUri!.OriginalString.Replace("enable_http_compression=false&", "", StringComparison.Ordinal));
            return base.SendAsync(request, cancellationToken);
        }
    }
}
