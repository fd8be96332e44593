using System.Text.Json;
using Sluice.Engine.Runs;
using Sluice.Settings.Pipelines;
using Xunit;

namespace Sluice.Tests.Cli;

public sealed class ValidateTests : IDisposable
{
    private const string Good = """
        version: 1
        workspaces: {main: {app_api_key: "${KEY}"}}
        destinations: {w: "duckdb:///crm.duckdb"}
        syncs: {daily: {schedule: "0 6 * * *", tables: [campaigns, messages]}}
        """;

    private const string Bad = """
        version: 1
        workspaces: {main: {app_api_key: literal-key}}
        destinations: {w: "duckdb:///crm.duckdb"}
        syncs: {daily: {mode: merg, tables: [campains]}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-validate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_good_file_ends_with_0_and_a_line_for_each_sync()
    {
        var run = await RunAsync(Good, "validate");

        Assert.Equal(
            (ExitCode.Done, "ok  daily: main -> w, 2 tables (customerio.campaigns, customerio.messages), at '0 6 * * *' UTC\n", ""),
            (run.Code, run.Out, run.Error));
    }

    [Fact]
    public async Task A_bad_file_ends_with_2_and_every_mistake_with_place_and_fix()
    {
        var run = await RunAsync(Bad, "validate", "sluice.yaml");

        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Equal(
            """
            sluice.yaml:2:34: warning: app_api_key stands in the file, where everybody finds it who may read the repository.
              Put it into the environment or a file .env that git ignores, and write ${MAIN_APP_API_KEY} here.
            sluice.yaml:4:23: mode can't be 'merg'.
              Did you mean merge?
            sluice.yaml:4:38: There is no table 'campains'. Did you mean campaigns? `sluice tables` lists them.
            2 mistakes in sluice.yaml.

            """.ReplaceLineEndings("\n"),
            run.Out);
    }

    [Fact]
    public async Task Names_that_the_destination_can_not_take_are_told()
    {
        const string File = """
            version: 1
            workspaces: {main: {app_api_key: "${KEY}"}}
            destinations: {w: "postgresql://me@db/crm"}
            syncs:
              daily: {tables: [activities: {options: {result: parsed, event_tables: true}}, {campaigns: {as: NAME}}]}
            """;
        var good = await RunAsync(File.Replace("NAME", new string('c', 63), StringComparison.Ordinal), "validate");
        var bad = await RunAsync(File.Replace("NAME", new string('c', 64), StringComparison.Ordinal), "validate");

        Assert.Equal((ExitCode.Done, ExitCode.Config), (good.Code, bad.Code));
        Assert.Contains("PostgreSQL takes names of 63 bytes: longer ones are cut", good.Out, StringComparison.Ordinal);
        Assert.Contains(
            "is longer than the 63 bytes that PostgreSQL takes for a name.\n  Give the table a shorter name", bad.Out, StringComparison.Ordinal);
        Assert.Contains("sluice.yaml:5:", bad.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_never_ends_is_refused()
    {
        var run = await new ToolHarness { Folder = _folder }.RunAsync("validate", "/dev/zero");

        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Contains("/dev/zero is longer than 4000000 characters", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_the_mistakes_are_for_programs()
    {
        using var bad = JsonDocument.Parse((await RunAsync(Bad, "validate", "--json")).Out);
        Assert.False(bad.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(
            (4, 23),
            (
                bad.RootElement.GetProperty("mistakes")[0].GetProperty("line").GetInt32(),
                bad.RootElement.GetProperty("mistakes")[0].GetProperty("column").GetInt32()));
        Assert.Equal(1, bad.RootElement.GetProperty("warnings").GetArrayLength());

        using var good = JsonDocument.Parse((await RunAsync(Good, "validate", "--json")).Out);
        Assert.True(good.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal("customerio.campaigns", good.RootElement.GetProperty("syncs")[0].GetProperty("tables")[0].GetProperty("table").GetString());
    }

    [Fact]
    public async Task Without_the_environment_keys_need_not_be_there()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "p.yaml"), Good);

        var strict = await new ToolHarness { Folder = _folder }.RunAsync("validate", "p.yaml");
        var lax = await new ToolHarness { Folder = _folder }.RunAsync("validate", "p.yaml", "--without-env");

        Assert.Equal(ExitCode.Config, strict.Code);
        Assert.Contains("p.yaml:2:34: The variable KEY is not set.", strict.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, lax.Code);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named_with_what_writes_one()
    {
        var run = await new ToolHarness { Folder = _folder }.RunAsync("validate", "none.yaml");

        Assert.Equal((ExitCode.Config, ""), (run.Code, run.Out));
        Assert.Contains("There is no pipeline file none.yaml.", run.Error, StringComparison.Ordinal);
        Assert.Contains("sluice init", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_needs_no_file() =>
        Assert.Equal(
            PipelineSchema.Write(), (await new ToolHarness { Folder = _folder }.RunAsync("validate", "--schema")).Out);

    [Theory]
    [InlineData("There is no sync 'dayly'.", "dayly")]
    [InlineData("Did you mean daily?", "dayly")]
    [InlineData("No sync that is to run has a table 'segments'.", "--tables", "segments")]
    [InlineData("--wait is no length of time", "--wait", "soon")]
    public async Task A_run_of_what_is_not_there_ends_with_2(string words, params string[] arguments)
    {
        var run = await RunAsync(Good, ["run", .. arguments]);

        Assert.Equal((ExitCode.Config, ""), (run.Code, run.Out));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_a_bad_file_ends_with_2_and_tells_its_mistakes()
    {
        var run = await RunAsync(Bad, "run");

        Assert.Equal((ExitCode.Config, ""), (run.Code, run.Out));
        Assert.Contains("2 mistakes in sluice.yaml:\nsluice.yaml:4:23: mode can't be 'merg'.", run.Error, StringComparison.Ordinal);
        Assert.Equal(["sluice.yaml"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    private async Task<(int Code, string Out, string Error)> RunAsync(string text, params string[] arguments)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "sluice.yaml"), text);
        return await new ToolHarness(new Dictionary<string, string>(StringComparer.Ordinal) { ["KEY"] = "key" }) { Folder = _folder }.RunAsync(
            arguments);
    }
}
