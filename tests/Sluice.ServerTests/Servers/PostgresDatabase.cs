namespace Sluice.ServerTests.Servers;

/// <summary>A database of one test, empty at first.</summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly List<string> _roles = [];

    private PostgresDatabase(PostgresServer server, string name) => (_server, Name) = (server, name);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its address for the administrator.</summary>
    public string Uri => _server.Uri(Name);

    /// <summary>What a query answers to psql: a line for each row, columns separated by |; fails with psql's words when it can't.</summary>
    public async Task<string> QueryAsync(string sql) => await OnServerAsync(Name, sql);

    /// <summary>Makes a role that may connect and nothing else, and gives its address.</summary>
    public async Task<string> NewPowerlessRoleAsync()
    {
        var role = $"{Name}_powerless_{_roles.Count}";
        _roles.Add(role);
        await OnServerAsync("postgres", $"CREATE ROLE {role} LOGIN PASSWORD '{role}'");
        await QueryAsync($"REVOKE ALL ON DATABASE {Name} FROM PUBLIC; GRANT CONNECT ON DATABASE {Name} TO {role}");
        return _server.Uri(Name, role, role);
    }

    public async ValueTask DisposeAsync()
    {
        // Also when a connection that a test's process has left is still there.
        await OnServerAsync("postgres", $"DROP DATABASE {Name} WITH (FORCE)");
        foreach (var role in _roles)
        {
            await OnServerAsync("postgres", $"DROP ROLE {role}");
        }
    }

    internal static async Task<PostgresDatabase> CreateAsync(PostgresServer server, string name, string encoding)
    {
        var database = new PostgresDatabase(server, name);
        var other = encoding == "UTF8" ? "" : $" TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'";
        await database.OnServerAsync("postgres", $"CREATE DATABASE {name}{other}");
        return database;
    }

    private async Task<string> OnServerAsync(string database, string sql) => (await _server.PsqlAsync(database, sql)).Ended(0).Out.TrimEnd('\n');
}
