using System.Diagnostics;

namespace Sluice.ServerTests.Servers;

/// <summary>PostgreSQL on a port of loopback, where every connection needs its password.</summary>
public sealed class PostgresServer : LocalServer
{
    /// <summary>The administrator's name.</summary>
    public const string User = "sluice";

    /// <summary>The administrator's password, with letters that an address must escape.</summary>
    public const string Password = "it's 100% p@ss:w/rd?#";

    private readonly Lazy<PsqlSession> _administrator;
    private int _databases;

    /// <summary>A server that has not been started.</summary>
    public PostgresServer() => _administrator = new Lazy<PsqlSession>(() => NewSession("postgres"));

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    private static string? Bin
    {
        get
        {
            const string Debian = "/usr/lib/postgresql";
            var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
            return Path.GetDirectoryName(
                LocalProgram.Find("initdb", versions.OrderByDescending(folder => folder, StringComparer.Ordinal).Select(folder => $"{folder}/bin")));
        }
    }

    /// <summary>An address such as sluice takes it, for the administrator or another role.</summary>
    public string Uri(string database, string user = User, string password = Password) =>
        $"postgresql://{System.Uri.EscapeDataString(user)}:{System.Uri.EscapeDataString(password)}@127.0.0.1:{Port}/{System.Uri.EscapeDataString(database)}";

    /// <summary>Starts the server if need be and makes an empty database, which goes when it is disposed.</summary>
    public async Task<PostgresDatabase> NewDatabaseAsync(string encoding = "UTF8")
    {
        await RequireAsync();
        return await PostgresDatabase.CreateAsync(this, $"db{Interlocked.Increment(ref _databases)}", encoding);
    }

    /// <summary>What the administrator's psql answers in the database that others are made from.</summary>
    internal Task<string> AdministerAsync(string sql) => _administrator.Value.QueryAsync(sql);

    /// <summary>psql of the administrator in a database.</summary>
    internal PsqlSession NewSession(string database)
    {
        string[] connection = ["-h", "127.0.0.1", "-p", $"{Port}", "-U", User, "-d", database];
        var start = new ProcessStartInfo(Path.Combine(Bin!, "psql"), ["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", .. connection])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = Password;
        start.Environment["PGTZ"] = "UTC";
        start.Environment["PGCLIENTENCODING"] = "UTF8";
        return new PsqlSession(start);
    }

    private protected override ValueTask LeaveAsync() => _administrator.IsValueCreated ? _administrator.Value.DisposeAsync() : default;

    private protected override string? Missing() =>
        Bin is null
            ? "PostgreSQL is not on this machine: there is no initdb on the PATH nor in /usr/lib/postgresql/*/bin (Debian: apt-get install " +
                "postgresql)."
            : null;

    private protected override Task<ServerProcess> LaunchAsync(string folder)
    {
        Port = ServerPort.Free();
        string[] command = ["sh", ServerProcess.Source("Servers/start-postgres.sh"), Bin!, folder, $"{Port}", User, Password];
        return ServerProcess.StartAsync(folder, "QUIT", line => line.Contains("ready to accept connections", StringComparison.Ordinal), command);
    }
}
