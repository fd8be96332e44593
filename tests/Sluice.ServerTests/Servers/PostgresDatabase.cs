namespace Sluice.ServerTests.Servers;

/// <summary>A database of one test, empty at first.</summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly PsqlSession _session;
    private readonly List<string> _roles = [];

    private PostgresDatabase(PostgresServer server, string name) => (_server, Name, _session) = (server, name, server.NewSession(name));

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its address for the administrator.</summary>
    public string Uri => _server.Uri(Name);

    /// <summary>What a query answers to psql: a line for each row, columns separated by |; fails with psql's words when it can't.</summary>
    public Task<string> QueryAsync(string sql) => _session.QueryAsync(sql);

    /// <summary>Makes a role that may connect and nothing else, and gives its address.</summary>
    public async Task<string> NewPowerlessRoleAsync()
    {
        var role = $"{Name}_powerless_{_roles.Count}";
        _roles.Add(role);
        await _server.AdministerAsync($"CREATE ROLE {role} LOGIN PASSWORD '{role}'");
        await QueryAsync($"REVOKE ALL ON DATABASE {Name} FROM PUBLIC; GRANT CONNECT ON DATABASE {Name} TO {role}");
        return _server.Uri(Name, role, role);
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        // Also when a connection that a test's process has left is still there.
        await _server.AdministerAsync($"DROP DATABASE {Name} WITH (FORCE)");
        foreach (var role in _roles)
        {
            await _server.AdministerAsync($"DROP ROLE {role}");
        }
    }

    internal static async Task<PostgresDatabase> CreateAsync(PostgresServer server, string name, string encoding)
    {
        var other = encoding == "UTF8" ? "" : $" TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'";
        await server.AdministerAsync($"CREATE DATABASE {name}{other}");
        return new PostgresDatabase(server, name);
    }
}
