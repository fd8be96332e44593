using System.Runtime.InteropServices;
using System.Text.Json;

namespace Sluice.ServerTests.Servers;

/// <summary>A ClickHouse of today: the engine as a library (npm chdb) behind the HTTP interface that node/chdb-server.mjs gives it.</summary>
public sealed class ChdbServer : ClickHouseHttpServer
{
    private protected override string? Missing()
    {
        var system = OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var libc = OperatingSystem.IsMacOS() ? "" : "-gnu";
        return NodeServer.Missing("chdb", $"@chdb/lib-{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}{libc}");
    }

    private protected override async Task<ServerProcess> LaunchAsync(string folder)
    {
        var users = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            [User] = new { password = Password, @readonly = false },
            [Reader] = new { password = Reader, @readonly = true },
        });
        // A zone of its own shows up what forgets to say UTC.
        string[] command = ["env", $"CHDB_USERS={users}", "TZ=Asia/Kathmandu", "node", ServerProcess.Source("node/chdb-server.mjs"), folder];
        (var process, Port) = await NodeServer.StartAsync(folder, "listens on", command);
        return process;
    }
}
