using System.Security;

namespace Sluice.ServerTests.Servers;

/// <summary>The ClickHouse that Debian has, 18.16: old, but a whole server.</summary>
public sealed class ClickHouseServer : ClickHouseHttpServer
{
    private static string? Program => LocalProgram.Find("clickhouse-server", "/usr/sbin", "/usr/local/sbin");

    private protected override string? Missing() =>
        Program is null ? "ClickHouse is not on this machine: there is no clickhouse-server on the PATH (Debian: apt-get install clickhouse-server)." : null;

    private protected override async Task<ServerProcess> LaunchAsync(string folder)
    {
        Port = ServerPort.Free();
        await File.WriteAllTextAsync(Path.Combine(folder, "config.xml"), Settings(folder));
        await File.WriteAllTextAsync(Path.Combine(folder, "users.xml"), Users);
        string[] command = [Program!, $"--config-file={Path.Combine(folder, "config.xml")}"];
        return await ServerProcess.StartAsync(folder, "TERM", line => line.Contains("Ready for connections", StringComparison.Ordinal), command);
    }

    private string Settings(string folder) => $"""
        <?xml version="1.0"?>
        <yandex>
          <logger><level>information</level><console>1</console></logger>
          <listen_host>127.0.0.1</listen_host>
          <http_port>{Port}</http_port>
          <path>{folder}/data/</path>
          <tmp_path>{folder}/tmp/</tmp_path>
          <user_files_path>{folder}/files/</user_files_path>
          <format_schema_path>{folder}/schemas/</format_schema_path>
          <users_config>users.xml</users_config>
          <default_profile>default</default_profile>
          <default_database>default</default_database>
          <mark_cache_size>268435456</mark_cache_size>
          <timezone>Asia/Kathmandu</timezone>
        </yandex>
        """;

    private static string Users => $"""
        <?xml version="1.0"?>
        <yandex>
          <profiles><default/><readonly><readonly>1</readonly></readonly></profiles>
          <quotas><default/></quotas>
          <users>
            <{User}>
              <password>{SecurityElement.Escape(Password)}</password>
              <networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
            </{User}>
            <{Reader}>
              <password>{Reader}</password>
              <networks><ip>127.0.0.1</ip></networks><profile>readonly</profile><quota>default</quota>
            </{Reader}>
          </users>
        </yandex>
        """;
}
