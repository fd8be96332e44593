namespace Sluice.ServerTests.Servers;

/// <summary>A database of one test, empty at first.</summary>
public sealed class MariaDbDatabase : IAsyncDisposable
{
    private readonly MariaDbServer _server;
    private readonly List<string> _users = [];

    private MariaDbDatabase(MariaDbServer server, string name) => (_server, Name) = (server, name);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its address for the administrator.</summary>
    public string Uri => _server.Uri(Name);

    /// <summary>What a query answers to the mariadb command: a line for each row, columns separated by tabs.</summary>
    public async Task<string> QueryAsync(string sql) => (await _server.ClientAsync(Name, sql)).Ended(0).Out.TrimEnd('\n');

    /// <summary>Makes a user who may read and nothing else, and gives the address.</summary>
    public async Task<string> NewPowerlessUserAsync()
    {
        var user = $"{Name}_powerless_{_users.Count}";
        _users.Add(user);
        await QueryAsync($"CREATE USER '{user}'@'%' IDENTIFIED BY '{user}'; GRANT SELECT ON {Name}.* TO '{user}'@'%'");
        return _server.Uri(Name, user, user);
    }

    public async ValueTask DisposeAsync()
    {
        await QueryAsync($"DROP DATABASE {Name}");
        foreach (var user in _users)
        {
            (await _server.ClientAsync("", $"DROP USER '{user}'@'%'")).Ended(0);
        }
    }

    internal static async Task<MariaDbDatabase> CreateAsync(MariaDbServer server, string name)
    {
        (await server.ClientAsync("", $"CREATE DATABASE {name}")).Ended(0);
        return new MariaDbDatabase(server, name);
    }
}
