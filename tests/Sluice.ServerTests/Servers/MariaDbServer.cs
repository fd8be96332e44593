using Sluice.ServerTests.Cli;

namespace Sluice.ServerTests.Servers;

/// <summary>MariaDB on a port of loopback, where every connection needs its password.</summary>
public sealed class MariaDbServer : LocalServer
{
    /// <summary>The administrator's name.</summary>
    public const string User = "sluice";

    /// <summary>The administrator's password, with letters that an address must escape.</summary>
    public const string Password = "it's 100% p@ss:w/rd?#";

    private int _databases;

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    private static string? Program => LocalProgram.Find("mariadbd", "/usr/sbin");

    /// <summary>An address such as sluice takes it, for the administrator or another user.</summary>
    public string Uri(string database, string user = User, string password = Password) =>
        $"mysql://{System.Uri.EscapeDataString(user)}:{System.Uri.EscapeDataString(password)}@127.0.0.1:{Port}/{database}";

    /// <summary>Starts the server if need be and makes an empty database, which goes when it is disposed.</summary>
    public async Task<MariaDbDatabase> NewDatabaseAsync()
    {
        await RequireAsync();
        return await MariaDbDatabase.CreateAsync(this, $"db{Interlocked.Increment(ref _databases)}");
    }

    /// <summary>Runs SQL with the mariadb command, another client than ours: rows without headings, columns separated by tabs.</summary>
    internal Task<ToolResult> ClientAsync(string database, string sql, string user = User, string password = Password)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["MYSQL_PWD"] = password };
        string[] arguments =
        [
            "--no-defaults", "--default-character-set=utf8mb4", "-N", "-B", "-h", "127.0.0.1", "-P", $"{Port}", "-u", user, "-e", sql, database,
        ];
        return LocalProgram.RunAsync(LocalProgram.Find("mariadb")!, arguments, environment);
    }

    private protected override string? Missing() =>
        Program is null || LocalProgram.Find("mariadb-install-db") is null || LocalProgram.Find("mariadb") is null
            ? "MariaDB is not on this machine: there is no mariadbd (Debian: apt-get install mariadb-server)."
            : null;

    private protected override Task<ServerProcess> LaunchAsync(string folder)
    {
        Port = ServerPort.Free();
        string[] command = ["sh", ServerProcess.Source("Servers/start-mariadb.sh"), Program!, folder, $"{Port}", User, Password];
        return ServerProcess.StartAsync(folder, "TERM", line => line.Contains("ready for connections", StringComparison.Ordinal), command);
    }
}
