using Sluice.Destinations;
using Sluice.Engine.Runs;
using Sluice.Tests.DuckDb;
using Xunit;

namespace Sluice.Tests.Cli;

public sealed class ModelsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-models-").FullName;

    private ToolHarness Tool => new() { Folder = _folder };

    private string File => Path.Combine(_folder, "crm.duckdb");

    [Fact]
    public async Task Models_are_made_listed_and_removed()
    {
        Make("CREATE TABLE customerio.messages (id VARCHAR, metrics JSON, created TIMESTAMPTZ)");

        var made = await Tool.RunAsync("models", File);
        var again = await Tool.RunAsync("models", File, "--json");
        var dropped = await Tool.RunAsync("models", File, "--drop");
        var nothing = await Tool.RunAsync("models", File, "--drop");

        Assert.Equal(ExitCode.Done, made.Code);
        Assert.Matches("deliveries +\"crm\".\"customerio_models\".\"deliveries\" +made", made.Out);
        Assert.Contains("The model campaigns_summary was not made: needs campaigns", made.Error, StringComparison.Ordinal);
        Assert.Contains("\"outcome\": \"made\"", again.Out, StringComparison.Ordinal);
        Assert.Contains("Removed: \"crm\".\"customerio_models\".\"deliveries\"", dropped.Out, StringComparison.Ordinal);
        Assert.Contains("There are no views that Sluice has made.", nothing.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_model_is_told_and_what_was_meant_works()
    {
        var refused = await Tool.RunAsync("models", "deliverys");
        var meant = await Tool.RunAsync("models", "deliveries");

        Assert.Equal(ExitCode.Config, refused.Code);
        Assert.Contains("There is neither a model nor a file called 'deliverys'.", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean deliveries?", refused.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, meant.Code);
        Assert.Equal(ExitCode.Config, (await Tool.RunAsync("models", "nosuch.duckdb")).Code);
    }

    [Fact]
    public async Task A_dry_run_prints_statements_that_can_be_run()
    {
        Make("CREATE TABLE customerio.messages (id VARCHAR, metrics JSON, created TIMESTAMPTZ)");

        var planned = await Tool.RunAsync("models", File, "--dry-run");

        using var connection = Database.File(File);
        connection.Execute("CREATE SCHEMA customerio_models");
        connection.Execute(planned.Out);
        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM customerio_models.deliveries"));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_told_with_exit_code_7()
    {
        Make(
            "CREATE TABLE customerio.messages (id VARCHAR)",
            "CREATE SCHEMA customerio_models",
            "CREATE VIEW customerio_models.deliveries AS SELECT 1");

        var run = await Tool.RunAsync("models", File);

        Assert.Equal(ExitCode.Partial, run.Code);
        Assert.Contains("was not made by Sluice", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no file", "models", "nowhere.duckdb")]
    [InlineData("Models are views, and files have none", "models", "parquet:///lake")]
    [InlineData("--dialect can't be 'oracle'", "models", "deliveries", "--dialect", "oracle")]
    [InlineData("--models makes views, and files have none", "ingest", "--models", "--dest-uri", "parquet:///lake")]
    public async Task What_can_not_be_is_refused_with_what_to_do(string message, params string[] arguments)
    {
        var run = await Tool.RunAsync(arguments);

        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_tables_is_told()
    {
        Make();

        var run = await Tool.RunAsync("models", File);

        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Contains("There are no tables that a model could be made from.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_has_every_model_and_one_is_shown_with_its_columns_and_its_SQL()
    {
        var list = await Tool.RunAsync("models", "--list");
        var one = await Tool.RunAsync("models", "campaigns_summary");

        Assert.All(ModelDocumentation.All, model => Assert.Contains($"{model.Name} ", list.Out, StringComparison.Ordinal));
        Assert.Matches("open_rate +number +opened / delivered", one.Out);
        Assert.Contains("FROM (SELECT \"id\", ", one.Out, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Make(params string[] statements)
    {
        using var connection = Database.File(File);
        foreach (var statement in statements.Prepend("CREATE SCHEMA customerio"))
        {
            connection.Execute(statement);
        }
    }
}
