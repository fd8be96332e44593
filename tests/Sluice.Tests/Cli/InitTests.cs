using Sluice.Engine.Runs;
using Sluice.Settings.Pipelines;
using Sluice.Tests.Config.Pipeline;
using Xunit;

namespace Sluice.Tests.Cli;

public sealed class InitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-init-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Without_answers_a_file_with_the_usual_is_written_that_is_good()
    {
        var run = await Bench().RunAsync("init");

        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("CUSTOMERIO_APP_API_KEY=...", run.Out, StringComparison.Ordinal);
        var sync = Assert.Single(Pipeline().Syncs);
        Assert.Equal(("daily", "duckdb:///customerio.duckdb", "main"), (sync.Name, sync.Uri, Assert.Single(sync.Workspaces).Name));
        var messages = Assert.Single(sync.Request.Tables, table => table.Place == "customerio.messages");
        Assert.Contains(messages.Resource.Columns, column => column.Name == "opened_at");
        Assert.StartsWith("{", await File.ReadAllTextAsync(PathOf(PipelineSchema.FileName)), StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf(".gitignore")));
    }

    [Fact]
    public async Task What_options_say_is_in_the_file_and_is_not_asked()
    {
        var run = await Bench(answers: "")
            .RunAsync(
                "init",
                "--workspace",
                "shop",
                "--region",
                "eu",
                "--key-variable",
                "SHOP_KEY",
                "--dest-uri",
                "sqlite:///a b.db",
                "--tables",
                "campaigns,campaign_metrics:weeks");

        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        var sync = Assert.Single(Pipeline("SHOP_KEY").Syncs);
        Assert.Equal(("sqlite:///a b.db", "shop"), (sync.Uri, Assert.Single(sync.Workspaces).Name));
        Assert.Equal(Sluice.CustomerIo.CustomerIoRegion.Eu, sync.Workspaces[0].Source!.Client.Region);
        Assert.Equal(["campaigns", "campaign_metrics_weeks"], sync.Request.Tables.Select(table => table.Table));
    }

    [Fact]
    public async Task At_a_terminal_it_asks_until_an_answer_will_do()
    {
        var run = await Bench(answers: "my shop\nshop\nmars\neu\nsk-123\nSHOP_KEY\noracle://x\nduckdb:///x.duckdb\ncampains\n\n").RunAsync("init");

        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("A name for the workspace [main]: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("A workspace can't be called 'my shop'.", run.Error, StringComparison.Ordinal);
        Assert.Contains("There is no region 'mars'.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-123", run.Error + run.Out, StringComparison.Ordinal);
        Assert.Contains("There is no destination for oracle://", run.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean campaigns", run.Error, StringComparison.Ordinal);
        var sync = Assert.Single(Pipeline("SHOP_KEY").Syncs);
        Assert.Equal(("duckdb:///x.duckdb", "shop"), (sync.Uri, sync.Workspaces[0].Name));
    }

    [Fact]
    public async Task Answers_that_end_leave_nothing_behind()
    {
        var run = await Bench(answers: "shop\n").RunAsync("init");

        Assert.Equal(ExitCode.Cancelled, run.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_file_that_is_there_stays_unless_it_is_forced()
    {
        await File.WriteAllTextAsync(PathOf("sluice.yaml"), "mine");

        var run = await Bench().RunAsync("init");

        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Contains("--force", run.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(PathOf("sluice.yaml")));
        Assert.Equal(ExitCode.Done, (await Bench().RunAsync("init", "--force")).Code);
        Assert.Single(Pipeline().Syncs);
    }

    [Theory]
    [InlineData("A workspace can't be called 'a b'.", "--workspace", "a b")]
    [InlineData("There is no region 'uk'.", "--region", "uk")]
    [InlineData("This is no name of a variable.", "--key-variable", "sk_live_canary")]
    [InlineData("There is no destination for oracle://", "--dest-uri", "oracle://x")]
    [InlineData("has a password in it", "--dest-uri", "postgresql://u:canary99@h/db")]
    [InlineData("There is no table 'campains'", "--tables", "campains")]
    public async Task What_cannot_be_is_told_and_nothing_is_written(string words, string option, string value)
    {
        var run = await Bench().RunAsync("init", option, value);

        Assert.Equal((ExitCode.Config, ""), (run.Code, run.Out));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task What_the_environment_says_stays_in_the_environment()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CUSTOMERIO_APP_API_KEY"] = "canary-1",
            ["CUSTOMERIO_REGION"] = "eu",
            ["SLUICE_DEST_URI"] = "postgresql://u:canary@h/db",
            ["CUSTOMERIO_BASE_URL"] = "https://canary",
        };

        var run = await new ToolHarness(environment) { Folder = _folder }.RunAsync("init");

        Assert.Equal(ExitCode.Done, run.Code);
        var text = await File.ReadAllTextAsync(PathOf("sluice.yaml"));
        Assert.DoesNotContain("canary", text + run.Out, StringComparison.Ordinal);
        Assert.Contains("warehouse: ${SLUICE_DEST_URI}", text, StringComparison.Ordinal);
        Assert.Contains("base_url: ${CUSTOMERIO_BASE_URL}", text, StringComparison.Ordinal);
        Assert.Empty(PipelineBench.Good(text, environment).Warnings);
    }

    [Theory]
    [InlineData(null, ".sluice/\n.env\n")]
    [InlineData("bin/", "bin/\n.sluice/\n.env\n")]
    [InlineData("/.sluice\n.env\n", "/.sluice\n.env\n")]
    public async Task In_a_git_folder_what_git_must_not_have_is_ignored(string? before, string after)
    {
        Directory.CreateDirectory(PathOf(".git"));
        if (before is not null)
        {
            await File.WriteAllTextAsync(PathOf(".gitignore"), before);
        }

        await Bench().RunAsync("init");

        Assert.Equal(after, await File.ReadAllTextAsync(PathOf(".gitignore")));
    }

    private ToolHarness Bench(string? answers = null) => new() { Folder = _folder, Answers = answers };

    private string PathOf(string name) => Path.Combine(_folder, name);

    private PipelineFile Pipeline(string variable = "CUSTOMERIO_APP_API_KEY") =>
        PipelineBench.Good(File.ReadAllText(PathOf("sluice.yaml")), new Dictionary<string, string>(StringComparer.Ordinal) { [variable] = "key" });
}
