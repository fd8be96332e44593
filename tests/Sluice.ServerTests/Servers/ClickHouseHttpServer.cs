using System.Net.Http.Headers;
using System.Text;

namespace Sluice.ServerTests.Servers;

/// <summary>ClickHouse's HTTP interface on a port of loopback, with a user who may do everything and one who may only read.</summary>
public abstract class ClickHouseHttpServer : LocalServer
{
    /// <summary>The name of the user who may do everything.</summary>
    public const string User = "sluice";

    /// <summary>The password of the user who may do everything, with letters that an address must escape.</summary>
    public const string Password = "it's 100% p@ss:w/rd?#";

    /// <summary>The name and the password of the user who may only read.</summary>
    public const string Reader = "reader";

    private static readonly HttpClient Client = new();

    private int _databases;

    private protected ClickHouseHttpServer()
    {
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; private protected set; }

    /// <summary>An address such as sluice takes it, for the user who may do everything or another one.</summary>
    public string Uri(string database, string user = User, string password = Password) =>
        $"clickhouse://{System.Uri.EscapeDataString(user)}:{System.Uri.EscapeDataString(password)}@127.0.0.1:{Port}/{System.Uri.EscapeDataString(database)}";

    /// <summary>Starts the server if need be and makes an empty database, which goes when it is disposed.</summary>
    public async Task<ClickHouseDatabase> NewDatabaseAsync()
    {
        await RequireAsync();
        return await ClickHouseDatabase.CreateAsync(this, $"db{Interlocked.Increment(ref _databases)}");
    }

    /// <summary>Sends a statement in the address and what belongs to it in the body, as the user who may do everything or another one.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        string query, byte[]? body = null, string parameters = "", string user = User, string password = Password)
    {
        var address = new Uri($"http://127.0.0.1:{Port}/?query={System.Uri.EscapeDataString(query)}{parameters}");
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body ?? []) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        return await Client.SendAsync(request);
    }
}
