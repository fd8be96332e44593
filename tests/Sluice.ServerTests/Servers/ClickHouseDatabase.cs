using Xunit;

namespace Sluice.ServerTests.Servers;

/// <summary>A database of one test, empty at first.</summary>
public sealed class ClickHouseDatabase : IAsyncDisposable
{
    private readonly ClickHouseHttpServer _server;

    private ClickHouseDatabase(ClickHouseHttpServer server, string name) => (_server, Name) = (server, name);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its address for the user who may do everything.</summary>
    public string Uri => _server.Uri(Name);

    /// <summary>Its address for the user who may only read.</summary>
    public string ReaderUri => _server.Uri(Name, ClickHouseHttpServer.Reader, ClickHouseHttpServer.Reader);

    /// <summary>What a statement answers: a line for each row, columns separated by tabs; fails with the server's words when it can't.</summary>
    public async Task<string> QueryAsync(string sql, byte[]? body = null)
    {
        using var response = await _server.SendAsync(sql, body, $"&database={Name}");
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{sql}: {(int)response.StatusCode} {text}");
        return text.TrimEnd('\n');
    }

    public async ValueTask DisposeAsync() => await QueryAsync($"DROP DATABASE {Name}");

    internal static async Task<ClickHouseDatabase> CreateAsync(ClickHouseHttpServer server, string name)
    {
        using var response = await server.SendAsync($"CREATE DATABASE {name}");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return new ClickHouseDatabase(server, name);
    }
}
