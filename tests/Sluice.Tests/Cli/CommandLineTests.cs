using System.Text.Json;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("There is no option '--source-tabel'. Did you mean --source-table", "ingest", "--source-tabel", "campaigns")]
    [InlineData("There is no option '--dest-url'. Did you mean --dest-uri", "ingest", "--dest-url=duckdb:///x")]
    [InlineData("There is no command 'ingst'. Did you mean ingest", "ingst")]
    [InlineData("There is no option '--loud'", "demo", "--loud")]
    [InlineData("There is no option '--debgu'. Did you mean --debug", "demo", "--debgu")]
    [InlineData("--limit", "ingest", "--limit")]
    [InlineData("--help", "check", "--no-such")]
    [InlineData("There is no table 'campain'. Did you mean campaigns", "tables", "campain")]
    [InlineData("--progress can't be 'fancy'", "demo", "--progress", "fancy")]
    [InlineData("--log-format can't be 'xml'", "tables", "--log-format", "xml")]
    [InlineData("--customers is no number", "simulate", "--customers", "many")]
    [InlineData("Bad fault 'nope'", "simulate", "--fault", "nope")]
    public async Task A_wrong_command_line_ends_with_2_and_words_on_stderr_alone(string words, params string[] arguments)
    {
        var run = await new ToolHarness().RunAsync(arguments);

        Assert.Equal((ExitCode.Config, ""), (run.Code, run.Out));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_told_at_once_with_examples()
    {
        var run = await new ToolHarness().RunAsync("ingest");

        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Contains("customerio://?api_key=YOUR_KEY&region=us", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SLUICE_SOURCE_TABLE", "nothing_like_it", "no table 'nothing_like_it'")]
    [InlineData("SLUICE_SOURCE_URI", "mysql://", "'mysql://' is no source")]
    [InlineData("SLUICE_DEST_URI", "oracle://", "no destination for oracle://")]
    [InlineData("SLUICE_DEST_URI", "snowflake://account/db", "sluice ddl --dialect snowflake --location s3://BUCKET/PREFIX")]
    [InlineData("SLUICE_DEST_URI", "bigquery://project", "BigQuery loads the Parquet files that Sluice writes into a bucket")]
    [InlineData("SLUICE_DEST_URI", "redshift+psycopg2://u@h/db", "sluice ddl --dialect redshift")]
    [InlineData("SLUICE_DEST_URI", "databricks://token@host", "sluice ddl --dialect databricks")]
    [InlineData("SLUICE_DEST_URI", "clickhouse+native://h/db", "no destination for clickhouse+native://")]
    [InlineData("SLUICE_DEST_TABLE", "a.b.c", "--dest-table")]
    [InlineData("SLUICE_DEST_SCHEMA", "a/b", "--dest-schema")]
    [InlineData("SLUICE_INTERVAL_START", "soon", "--interval-start")]
    [InlineData("SLUICE_INTERVAL_END", "late", "--interval-end")]
    [InlineData("SLUICE_INCREMENTAL_STRATEGY", "upsert", "'upsert'")]
    [InlineData("SLUICE_COLUMNS", "a:b", "type 'b'")]
    [InlineData("SLUICE_LIMIT", "none", "--limit")]
    [InlineData("SLUICE_MASK", "email:md5", "'md5'")]
    [InlineData("SLUICE_PROGRESS", "loud", "--progress")]
    [InlineData("CUSTOMERIO_REGION", "mars", "region 'mars'")]
    public async Task A_variable_stands_in_for_an_option(string variable, string value, string words)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CUSTOMERIO_APP_API_KEY"] = "k",
            ["SLUICE_SOURCE_TABLE"] = "campaigns",
            [variable] = value,
        };

        var run = await new ToolHarness(environment).RunAsync("ingest");

        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config", "There is no option '--nope'.", "ingest", "--json", "--nope")]
    [InlineData("config", "no destination for nowhere://", "ingest", "--source-table", "campaigns", "--dest-uri", "nowhere://x", "--json")]
    [InlineData("config", "There is no file", "history", "missing.duckdb", "--json")]
    [InlineData("config", "There is no table 'campain'", "tables", "campain", "--json")]
    public async Task Who_asked_for_JSON_gets_an_error_as_JSON_on_stdout_and_in_words_on_stderr(string kind, string words, params string[] arguments)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["CUSTOMERIO_APP_API_KEY"] = "k" };
        var run = await new ToolHarness(environment).RunAsync(arguments);

        var root = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal((ExitCode.Config, ExitCode.Config), (run.Code, root.GetProperty("exit_code").GetInt32()));
        Assert.Equal(kind, root.GetProperty("error").GetProperty("kind").GetString());
        Assert.Contains(words, root.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_names_the_commit_where_the_sources_have_one() =>
        Assert.Matches("^sluice [0-9]+\\.[0-9]+\\.[0-9]+(\\+[0-9a-f]{7})?\n$", (await new ToolHarness().RunAsync("--version")).Out);

    [Fact]
    public async Task An_argument_goes_before_its_variable()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["SLUICE_SOURCE_TABLE"] = "of_the_variable" };

        var run = await new ToolHarness(environment).RunAsync("ingest", "--source-table", "of_the_argument");

        Assert.Contains("of_the_argument", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("of_the_variable", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ingest", "customerio://?region=us&api_key=canary-1&x=1")]
    [InlineData("customerio://?track_api_key=canary-1")]
    [InlineData("check", "api_key=canary-1", "site_id=canary-2")]
    public async Task An_address_in_the_wrong_place_is_told_without_its_key(params string[] arguments)
    {
        var run = await new ToolHarness().RunAsync(arguments);

        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Contains("api_key=***", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Error + run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ingest", "postgresql://u:canary@h/db")]
    [InlineData("ingest", "postgresql://u:can/ary@canary@h/db?x=1")]
    [InlineData("postgresql://h/db?user=u&password=canary")]
    public async Task An_address_in_the_wrong_place_is_told_without_its_password(params string[] arguments)
    {
        var run = await new ToolHarness().RunAsync(arguments);

        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Contains("postgresql://", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Error + run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ingest", "--dest-uri", "postgresql://u:canary@127.0.0.1:1/db")]
    [InlineData("check", "--dest-uri", "postgresql://127.0.0.1:1/db?password=canary")]
    [InlineData("audit", "postgresql://u:canary@127.0.0.1:1/db", "segments")]
    public async Task A_password_in_the_arguments_is_warned_of_and_not_shown(params string[] arguments)
    {
        var run = await new ToolHarness().RunAsync(arguments);

        Assert.Contains("warning: A password in the arguments can be seen by other users", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Error + run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_NUL_character_in_an_address_is_named()
    {
        var run = await new ToolHarness().RunAsync("check", "--dest-uri", "duckdb:///a%00b");

        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Contains("holds a NUL character", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_catalog_as_json_has_every_table()
    {
        var run = await new ToolHarness().RunAsync("tables", "--json");

        using var document = JsonDocument.Parse(run.Out);
        Assert.Equal(ResourceCatalog.Default.Resources.Select(resource => resource.Name), document.RootElement.EnumerateArray().Select(Name));
    }

    [Fact]
    public async Task With_a_json_log_an_error_is_one_object()
    {
        var run = await new ToolHarness().RunAsync(
            "ingest",
            "--source-table",
            "campaings",
            "--log-format",
            "json",
            "--source-uri",
            "customerio://?api_key=k");

        var lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["warning", "error"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("level").GetString()));
        Assert.Contains("Did you mean campaigns", lines[1], StringComparison.Ordinal);
    }

    private static string? Name(JsonElement table) => table.GetProperty("name").GetString();
}
