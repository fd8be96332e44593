using System.Text;
using Sluice.Benchmarks.Kill;
using Sluice.ServerTests.Cli;
using Sluice.ServerTests.Servers;
using Xunit;

namespace Sluice.ServerTests.Documentation;

/// <summary>Runs the commands of a page in a shell, one after the other, as somebody who follows the page does.</summary>
internal static class PageCommands
{
    /// <summary>Commands that can't be run here, with where they are run instead. Those of a page are named by how they begin.</summary>
    public static IReadOnlyList<(string Page, string Begin, string Why)> Elsewhere { get; } =
    [
        ("", "sudo ", "needs rights over the machine; ReleaseTests unpacks the package and runs it"),
        ("", "podman ", "ContainerTests runs the file's steps"),
        ("", "aws s3 cp", "S3 is Amazon's; WarehouseDocumentationTests say what is done with it"),
        ("", "export PGPASSWORD", "a server of somebody's: DestinationCompliance runs the same on a real one"),
        ("", "export MYSQL_PWD", "a server of somebody's: DestinationCompliance runs the same on a real one"),
        ("", "export CLICKHOUSE_PASSWORD", "a server of somebody's: DestinationCompliance runs the same on a real one"),
        ("docs/destinations/clickhouse.md", "sluice ingest", "a server of somebody's: ChdbComplianceTests"),
        ("docs/destinations/clickhouse.md", "clickhouse-client", "a client of somebody's"),
        ("docs/destinations/mysql.md", "", "a server of somebody's: MySqlComplianceTests"),
        ("docs/destinations/postgresql.md", "", "a server of somebody's: PostgresComplianceTests"),
        ("docs/warehouses.md", "sluice ingest", "S3 is Amazon's: ServerCompliance loads a bucket"),
        ("docs/warehouses.md", "sluice ddl --dialect snowflake --location s3://my-lake/crm --manifest", "aws brings the file: DdlCommandTests"),
        ("CONTRIBUTING.md", "./test", "is what runs this test"),
        ("CONTRIBUTING.md", "dotnet format", "the build checks the format"),
        ("README.md", "./test", "is what runs this test"),
        ("README.md", "./sluice demo", "CheckoutTests run it, with Node.js out of reach"),
        ("CONTRIBUTING.md", "./sluice demo", "CheckoutTests run it, with Node.js out of reach"),
        ("README.md", "dotnet pack", "ToolPackageTests pack and install it"),
        ("docs/install.md", "dotnet ", "ToolPackageTests pack and install it"),
        ("", "sha256sum", "ReleaseTests compare the sums"),
        ("SECURITY.md", "gh ", "the attestation is GitHub's"),
        ("docs/dbt.md", "sluice dbt init analytics/customerio", "a server of somebody's: DbtTests make a package of a real one"),
        ("docs/dbt.md", "sluice dbt init --dest-uri 's3:", "S3 is Amazon's: DbtCommandTests make a package of a lake in a folder"),
        ("docs/install.md", "tar ", "ReleaseTests unpack it and run it"),
        ("docs/ado-net.md", "dotnet ", "DataPackageTests pack it and use it"),
        ("docs/serve.md", "sluice serve --listen", "needs a network and a certificate: ListenRulesTests, TlsTests"),
        ("docs/serve.md", "sluice serve --control", "needs PostgreSQL: SharedControlTests"),
        ("docs/serve.md", "export SLUICE_SECRET_KEY", "goes with the former: SharedControlTests"),
        ("docs/serve.md", "sluice serve run daily --tables", "waits for a server: ServeProcessTests"),
        ("docs/pipelines.md", "sluice init", "asks at a terminal: InitTests"),
        ("docs/sizing.md", "bench/", "measures for minutes"),
        ("docs/schedule.md", "sluice serve run mornings", "waits for a server: ServeProcessTests"),
        ("docs/sql.md", "sluice shell", "needs a terminal: ShellTerminalTests"),
        ("docs/writing.md", "sluice writes undo", "names a journal of somebody's: ContentTests.What_was_overwritten_is_written_back"),
        ("docs/writing.md", "sluice restore crm --only", "names a newsletter of somebody's: RestoreTests"),
    ];

    // Pages whose queries the database answers that their commands have made.
    private static readonly string[] Asks = ["README.md", "docs/quickstart.md", "docs/move-here.md"];

    // Programs of others: what a page shows of them is run where they are.
    private static readonly string[] OfOthers = ["duckdb ", "jq ", "sqlite3 ", "sluice man ", "dbt "];

    /// <summary>Runs them all in a folder of its own.</summary>
    public static async Task<ToolResult> RunAsync(string page, IReadOnlyList<string> commands, SimulatedAccount account)
    {
        using var tool = new Tool();
        var programs = Directory.CreateDirectory(tool.PathOf(".programs")).FullName;
        File.CreateSymbolicLink(Path.Combine(programs, "sluice"), BuiltTool.Program);
        File.CreateSymbolicLink(tool.PathOf("sluice"), BuiltTool.Script);
        var before = Path.Combine(BuiltTool.Root, "tests", "Sluice.ServerTests", "Documentation", "before", page.Replace('/', '-'));
        await MakeDatabaseAsync(tool, before + ".duckdb.sql");
        var script = new StringBuilder(
            $$"""
            PATH="{{programs}}:$PATH"
            export HOME="$PWD" CUSTOMERIO_BASE_URL={{account.Address}} CUSTOMERIO_TRACK_BASE_URL={{account.Address}}
            export CUSTOMERIO_APP_API_KEY=sim-app-key CUSTOMERIO_SITE_ID=sim-site CUSTOMERIO_TRACK_API_KEY=sim-track-key
            export SLUICE_SOURCE_URI=customerio://?rate=10000
            servers=()
            trap 'for one in "${servers[@]}"; do kill -TERM "$one" 2>/dev/null; done; wait' EXIT
            ended() { [ "$1" -eq 0 ] || { echo "ended with $1: $2" >&2; exit 1; }; }
            up() { for _ in $(seq 600); do grep -q http "$1" && return; sleep 0.1; done; cat "$1" >&2; exit 1; }

            """);
        script.Append(File.Exists(before + ".sh") ? $"set -e\n{await File.ReadAllTextAsync(before + ".sh", Tool.Cancel)}\nset +e\n" : "");
        var port = ServerPort.Free();
        foreach (var command in commands.Where(IsThere))
        {
            script.Append(Line(command, port));
        }

        await File.WriteAllTextAsync(
            tool.PathOf(".script"),
            script.Replace("your_api_key&region=us", $"sim-app-key&base_url={account.Address}&rate=10000").Replace("your_key", "sim-app-key")
                .Replace("8181", $"{port}").ToString(),
            Tool.Cancel);
        using var process = tool.Start("bash", [tool.PathOf(".script")]);
        var run = await Tool.EndAsync(process);
        if (run.Code == 0 && Asks.Contains(page))
        {
            await AskAsync(tool.PathOf("crm.duckdb"), Pages.Blocks(page, "sql"));
        }

        return run;
    }

    private static async Task AskAsync(string path, IReadOnlyList<string> queries)
    {
        Assert.NotEmpty(queries);
        await using var database = Database.Open(path);
        foreach (var sql in queries)
        {
            await using var command = database.CreateCommand();
            command.CommandText = sql;
            await using var rows = await command.ExecuteReaderAsync(Tool.Cancel);
            Assert.True(await rows.ReadAsync(Tool.Cancel), $"No row answers:\n{sql}");
        }
    }

    // The first line says which file it makes.
    private static async Task MakeDatabaseAsync(Tool tool, string script)
    {
        if (!File.Exists(script))
        {
            return;
        }

        var sql = await File.ReadAllTextAsync(script, Tool.Cancel);
        await using var database = Database.Open(tool.PathOf(sql.Split('\n')[0]["-- ".Length..]));
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Tool.Cancel);
    }

    private static bool IsThere(string command) =>
        !OfOthers.Any(begin => command.StartsWith(begin, StringComparison.Ordinal) && LocalProgram.Find(begin.Trim().Split(' ')[^1]) is null);

    // A server goes on beside what follows; who asks for a password gets one.
    private static string Line(string command, int port)
    {
        var quoted = command.Replace("'", "'\\''", StringComparison.Ordinal);
        if (command.Split(" #")[0].Trim() is var bare && (bare == "sluice serve" || bare.StartsWith("sluice simulate", StringComparison.Ordinal)))
        {
            var where = bare == "sluice serve" ? $" --listen http://127.0.0.1:{port}" : "";
            return $"{bare}{where} >.server-log 2>&1 &\nservers+=($!)\nup .server-log\n";
        }

        var asks = command.Contains("user add", StringComparison.Ordinal) || command.Contains("user password", StringComparison.Ordinal)
            || command.Contains("secret set", StringComparison.Ordinal);
        return $"{(asks ? "echo correct-horse-battery | " : "")}{command}\nended $? '{quoted}'\n";
    }
}
