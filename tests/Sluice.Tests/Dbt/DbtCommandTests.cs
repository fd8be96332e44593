using Sluice.Destinations.Dbt;
using Sluice.Engine.Runs;
using Sluice.Tests.Cli;
using Sluice.Tests.DuckDb;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Dbt;

public sealed class DbtCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-dbt-").FullName;

    private ToolHarness Tool => new() { Folder = _folder };

    private string Uri => $"duckdb:///{_folder}/crm.duckdb";

    private string Package => Path.Combine(_folder, "customerio_dbt");

    public static TheoryData<string> Dialects() => [.. DbtPackage.Dialects];

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_package_for_every_database_is_whole(string dialect)
    {
        var run = await Tool.RunAsync("dbt", "init", "--dialect", dialect);

        Assert.Equal(ExitCode.Done, run.Code);
        var project = new DbtProject(Package, quote: dialect is "clickhouse" or "bigquery" or "spark" or "databricks" ? '`' : '"');
        Assert.Equal(13, project.Marts.Count);
        Assert.Equal(project.Tables.Count + project.Marts.Count, project.Models().Count);
        Assert.NotEmpty(project.Tests());
        Assert.All(project.Tables, table => Assert.Equal(IsLake(dialect) ? $"{table["name"]}_current" : null, table["identifier"]?.ToString()));
        Assert.Contains($"type: {(dialect == "postgresql" ? "postgres" : dialect)}\n", Read("profiles.example.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_packages_of_the_same_are_the_same_and_nothing_is_written_twice()
    {
        await Tool.RunAsync("dbt", "init", "--dialect", "snowflake");
        await Tool.RunAsync("dbt", "init", "other", "--dialect", "snowflake");
        var again = await Tool.RunAsync("dbt", "init", "--dialect", "snowflake");

        Assert.Equal(Texts(Package), Texts(Path.Combine(_folder, "other")));
        Assert.Contains("all files are as they were", again.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_tables_that_are_there_are_in_it_and_what_is_lacking_is_told()
    {
        Make(
            "CREATE TABLE customerio.messages (id VARCHAR, cio_id VARCHAR, type VARCHAR, metrics JSON, created TIMESTAMPTZ)",
            "CREATE TABLE customerio.people_of_mine (cio_id VARCHAR, email VARCHAR, \"Odd \"\"name\\\" VARCHAR, \"{{ x }}\" VARCHAR)",
            "CREATE TABLE customerio._sluice_ledger (table_name VARCHAR, source VARCHAR, committed_at TIMESTAMPTZ)",
            "INSERT INTO customerio._sluice_ledger VALUES ('people_of_mine', 'customers', now())");

        var run = await Tool.RunAsync("dbt", "init", "--dest-uri", Uri);

        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal(
            """
            customerio_dbt: a package for dbt and DuckDB
            2 sources with staging models, 3 marts; 13 files written
            Then: pip install dbt-core dbt-duckdb
                  cd customerio_dbt
                  cp profiles.example.yml profiles.yml   # and fill it in
                  dbt build

            """.ReplaceLineEndings("\n"),
            run.Out);
        Assert.Contains("The model campaigns_summary was not made: needs campaigns.", run.Error, StringComparison.Ordinal);
        Assert.Contains("The model deliveries is there: without sender_id", run.Error, StringComparison.Ordinal);
        Assert.Contains("people_of_mine.{{ x }} is left out: dbt would take its name for a template.", run.Error, StringComparison.Ordinal);
        Assert.Contains("\"Odd \"\"name\\\"\n", Read("models/staging/stg_customerio__customers.sql"), StringComparison.Ordinal);
        Assert.Contains("path: \"../crm.duckdb\"", Read("profiles.example.yml"), StringComparison.Ordinal);
        var project = new DbtProject(Package);
        Assert.Equal("people_of_mine", project.Tables.Single(table => table["name"]!.ToString() == "customers")["identifier"]!.ToString());
        Assert.Equal(["customers"], project.Freshness().Select(table => table.Table));
        using var database = Database.File(Path.Combine(_folder, "crm.duckdb"));
        database.Execute("CREATE SCHEMA made_by_dbt");
        Assert.All(project.Models(), model => database.Execute($"CREATE VIEW made_by_dbt.{model.Name} AS {model.Sql}"));
    }

    [Fact]
    public async Task A_file_that_was_changed_stays_until_it_is_given_up()
    {
        await Tool.RunAsync("dbt", "init", "--dialect", "duckdb", "--source-table", "messages,campaigns");
        var mart = Path.Combine(Package, "models/marts/deliveries.sql");
        await File.AppendAllTextAsync(mart, "-- mine\n", TestContext.Current.CancellationToken);

        var refused = await Tool.RunAsync("dbt", "init", "--dialect", "duckdb", "--source-table", "messages");
        Assert.Equal(ExitCode.Config, refused.Code);
        Assert.Contains("1 file in customerio_dbt is not as Sluice wrote it: models/marts/deliveries.sql.", refused.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Package, "models/marts/campaigns_summary.sql")));

        var forced = await Tool.RunAsync("dbt", "init", "--dialect", "duckdb", "--source-table", "messages", "--force");
        Assert.Equal(ExitCode.Done, forced.Code);
        Assert.DoesNotContain("-- mine", await File.ReadAllTextAsync(mart, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Package, "models/marts/campaigns_summary.sql")));
    }

    [Fact]
    public async Task A_file_that_was_changed_is_kept_where_there_is_nothing_new_for_it()
    {
        await Tool.RunAsync("dbt", "init", "--dialect", "duckdb", "--source-table", "messages");
        var project = Path.Combine(Package, "dbt_project.yml");
        await File.AppendAllTextAsync(project, "# mine\n", TestContext.Current.CancellationToken);

        string[] more = ["dbt", "init", "--dialect", "duckdb", "--source-table", "messages,campaigns"];
        var kept = await Tool.RunAsync(more);
        var again = await Tool.RunAsync(more);

        Assert.Contains("Kept as you have changed them: dbt_project.yml\n", kept.Out, StringComparison.Ordinal);
        Assert.Contains("Kept as you have changed them: dbt_project.yml\n", again.Out, StringComparison.Ordinal);
        Assert.EndsWith("# mine\n", await File.ReadAllTextAsync(project, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Package, "models/marts/campaigns_summary.sql")));

        await Tool.RunAsync([.. more, "--force"]);
        Assert.DoesNotContain("# mine", await File.ReadAllTextAsync(project, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_no_use_any_more_goes_unless_it_was_changed()
    {
        await Tool.RunAsync("dbt", "init", "--dialect", "duckdb", "--source-table", "messages,campaigns,segments");
        var changed = Path.Combine(Package, "models/staging/stg_customerio__campaigns.sql");
        await File.AppendAllTextAsync(changed, "-- mine\n", TestContext.Current.CancellationToken);

        // The other files are as they were, though git has given them the ends of lines of Windows.
        foreach (var file in Directory.GetFiles(Package, "*.sql", SearchOption.AllDirectories).Where(file => file != changed))
        {
            await File.WriteAllTextAsync(
                file,
                (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("\n", "\r\n", StringComparison.Ordinal),
                TestContext.Current.CancellationToken);
        }

        var run = await Tool.RunAsync("dbt", "init", "--dialect", "duckdb", "--source-table", "messages");

        Assert.Contains(
            "Of no use any more, but changed by you and kept: models/staging/stg_customerio__campaigns.sql", run.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(changed));
        Assert.False(File.Exists(Path.Combine(Package, "models/staging/stg_customerio__segments.sql")));
    }

    [Fact]
    public async Task A_list_that_names_files_elsewhere_removes_none()
    {
        var precious = Path.Combine(_folder, "precious.txt");
        await File.WriteAllTextAsync(precious, "x", TestContext.Current.CancellationToken);
        await Tool.RunAsync("dbt", "init", "--dialect", "duckdb", "--source-table", "messages");
        await File.AppendAllTextAsync(
            Path.Combine(Package, ".sluice.sha256"),
            "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881  ../precious.txt\n",
            TestContext.Current.CancellationToken);

        var run = await Tool.RunAsync("dbt", "init", "--dialect", "duckdb", "--source-table", "messages,campaigns");

        Assert.Equal(ExitCode.Done, run.Code);
        Assert.True(File.Exists(precious));
    }

    [Fact]
    public async Task A_lake_s_tables_are_found_and_the_database_that_reads_them_is_asked_for()
    {
        await using var bench = await IngestHarness.StartAsync();
        var tool = new ToolHarness(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SLUICE_SOURCE_URI"] = $"customerio://?api_key=sim-app-key&rate=10000&base_url={bench.Simulator.BaseAddress}",
            ["SLUICE_DEST_URI"] = $"parquet:///{_folder}/lake",
        })
        { Folder = _folder };
        Assert.Equal(ExitCode.Done, (await tool.RunAsync("ingest", "--source-table", "campaigns,segments")).Code);

        var refused = await tool.RunAsync("dbt", "init");
        var run = await tool.RunAsync("dbt", "init", "--dialect", "trino");

        Assert.Equal(ExitCode.Config, refused.Code);
        Assert.Contains("--dialect names the one that reads them: snowflake", refused.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal(["campaigns", "segments"], new DbtProject(Package).Tables.Select(table => table["name"]!.ToString()));
    }

    [Fact]
    public async Task The_pipeline_file_says_which_database_and_schema()
    {
        Make("CREATE SCHEMA marketing", "CREATE TABLE marketing.campaigns (id BIGINT, name VARCHAR, workspace VARCHAR)");
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "sluice.yaml"),
            """
            version: 1
            workspaces: {main: {region: us, api_key: "${KEY}"}}
            destinations: {warehouse: {uri: "FILE", schema: marketing}}
            syncs: {all: {tables: campaigns}}
            """.Replace("FILE", Uri, StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        var run = await Tool.RunAsync("dbt", "init");
        var unknown = await Tool.RunAsync("dbt", "init", "--entry", "warehose");

        Assert.Equal((ExitCode.Done, ExitCode.Config), (run.Code, unknown.Code));
        Assert.Contains("customerio_schema: marketing\n", Read("dbt_project.yml"), StringComparison.Ordinal);
        Assert.Contains("columns: [workspace, id]\n", Read("models/staging/_customerio__sources.yml"), StringComparison.Ordinal);
        Assert.Contains("sluice.yaml has no sync or destination 'warehose'.", unknown.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--dialect can't be 'oracle'", "--dialect", "oracle")]
    [InlineData("Did you mean snowflake?", "--dialect", "snowflak")]
    [InlineData("--dialect is snowflake, and the destination is DuckDB", "--dialect", "snowflake", "--dest-uri", "FILE")]
    [InlineData("A package for dbt can't be written for this database", "--dest-uri", "sqlite:///crm.db")]
    [InlineData("There is no file", "--dest-uri", "duckdb:///nosuch.duckdb")]
    [InlineData("There is no table of Customer.io in", "--dest-uri", "FILE", "--dest-schema", "elsewhere")]
    [InlineData("There is no table of Customer.io of that name in", "--dest-uri", "FILE", "--source-table", "campaigns")]
    [InlineData("There is no table 'campains'. Did you mean campaigns", "--dialect", "duckdb", "--source-table", "campains")]
    [InlineData("The package can't be written", "crm.duckdb", "--dialect", "duckdb")]
    public async Task What_can_not_be_is_refused_with_what_to_do(string message, params string[] arguments)
    {
        Make("CREATE TABLE customerio.messages (id VARCHAR)");

        var run = await Tool.RunAsync(["dbt", "init", .. arguments.Select(argument => argument == "FILE" ? Uri : argument)]);

        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Package));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static bool IsLake(string dialect) => DbtPackage.LakeDialects.Contains(dialect, StringComparer.Ordinal);

    private static IReadOnlyList<(string, string)> Texts(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => (Path.GetRelativePath(folder, file), File.ReadAllText(file)))];

    private string Read(string file) => File.ReadAllText(Path.Combine(Package, file));

    private void Make(params string[] statements)
    {
        using var connection = Database.File(Path.Combine(_folder, "crm.duckdb"));
        connection.Execute("CREATE SCHEMA customerio");
        foreach (var statement in statements)
        {
            connection.Execute(statement);
        }
    }
}
