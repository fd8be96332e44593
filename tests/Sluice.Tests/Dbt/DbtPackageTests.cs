using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Sluice.Tests.Cli;
using Sluice.Tests.Config.Pipeline;
using Sluice.Tests.DuckDb;
using Sluice.Tests.Repository;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Dbt;

/// <summary>The package is run as dbt would: its SQL in DuckDB, upon tables of all kinds that were read from the simulator.</summary>
public sealed class DbtPackageTests(DbtWorld world) : IClassFixture<DbtWorld>, IDisposable
{
    private readonly DuckDBConnection _database = world.Open();

    private DbtProject Project => world.Project;

    private DbtBuild Build => new(Project, sql => Task.FromResult(Convert.ToInt64(_database.Scalar(sql), CultureInfo.InvariantCulture)));

    [Fact]
    public async Task Marts_are_row_for_row_what_sluice_models_makes()
    {
        Assert.Equal(13, Project.Marts.Count);
        Assert.Empty(await Build.DifferentAsync(mart => $"customerio_models.{mart}"));
        Assert.All(Project.Marts, mart => Assert.NotEqual(0L, _database.Scalar($"SELECT count(*) FROM made_by_dbt.{mart}")));
    }

    [Fact]
    public async Task A_mart_with_another_value_differs()
    {
        _database.Execute("CREATE TABLE made_by_dbt.other AS SELECT * FROM made_by_dbt.campaigns_summary");
        Assert.Equal(0, await Build.DifferenceAsync("made_by_dbt.other", "customerio_models.campaigns_summary"));

        _database.Execute("UPDATE made_by_dbt.other SET sent = sent + 1 WHERE campaign_id = (SELECT min(campaign_id) FROM made_by_dbt.other)");

        Assert.Equal(2, await Build.DifferenceAsync("made_by_dbt.other", "customerio_models.campaigns_summary"));
    }

    [Fact]
    public async Task Staging_models_have_all_rows_and_columns_of_their_tables()
    {
        Assert.Equal(_database.Scalar("SELECT count(DISTINCT table_name) FROM customerio._sluice_ledger"), (long)Project.Tables.Count);
        foreach (var table in Project.Tables)
        {
            Assert.Equal(0, await Build.DifferenceAsync($"made_by_dbt.stg_customerio__{table["name"]}", $"customerio.{table["name"]}"));
        }
    }

    [Fact]
    public async Task Every_data_test_holds_on_a_clean_load()
    {
        Assert.Empty(await Build.FailingAsync());
        Assert.Equal(
            ["customerio_unique_key", "not_null", "relationships", "unique"],
            Project.Tests().Select(test => test.Name.Split(' ')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("INSERT INTO customerio.segments SELECT * FROM customerio.segments LIMIT 1", "unique segments.id")]
    [InlineData(
        "INSERT INTO customerio.campaign_metrics_days SELECT * FROM customerio.campaign_metrics_days LIMIT 1",
        "customerio_unique_key campaign_metrics_days")]
    [InlineData("UPDATE customerio.snippets SET name = NULL", "not_null snippets.name")]
    [InlineData("UPDATE customerio.optouts SET \"from\" = NULL", "not_null optouts.from")]
    [InlineData("DELETE FROM customerio.collections", "relationships collection_rows.collection_id")]
    [InlineData("UPDATE customerio.messages SET id = NULL", "not_null messages.id", "not_null deliveries.delivery_id")]
    public async Task A_data_test_fails_when_the_table_is_not_so(string change, params string[] tests)
    {
        _database.Execute(change);

        Assert.Equal(tests, await Build.FailingAsync(tests));
    }

    [Fact]
    public void Freshness_is_the_time_of_the_last_load()
    {
        var freshness = Project.Freshness();

        Assert.Equal(Project.Tables.Count, freshness.Count);
        Assert.All(
            freshness,
            table => Assert.Equal(
                _database.Scalar($"SELECT max(committed_at) FROM customerio._sluice_ledger WHERE table_name = '{table.Table}'"),
                Assert.IsType<DateTime>(_database.Scalar(table.Sql))));
    }

    [Fact]
    public void Every_source_model_and_column_is_described()
    {
        Assert.Equal(
            Project.Models().Select(model => model.Name).Order(StringComparer.Ordinal),
            Project.Described.Select(model => model["name"]!.ToString()).Order(StringComparer.Ordinal));
        Assert.All(
            Project.Tables.Concat(Project.Described).SelectMany(one => one["columns"]!.AsArray().Append(one)),
            one => Assert.True(one!["description"]?.ToString().Length > 0, $"{one["name"]} has no description."));
    }

    [Theory]
    [InlineData("dbt_project.yml", "project")]
    [InlineData("models/staging/_customerio__sources.yml", "properties")]
    [InlineData("models/staging/_customerio__staging.yml", "properties")]
    [InlineData("models/marts/_customerio__marts.yml", "properties")]
    public void Properties_are_those_that_dbt_knows(string file, string schema)
    {
        var check = new SchemaCheck(JsonDocument.Parse(Checkout.Read($"tests/Sluice.Tests/Dbt/{schema}.schema.json")).RootElement);
        var text = File.ReadAllText(Path.Combine(world.Folder, file));

        Assert.True(Accepts(check, text));
        Assert.False(Accepts(check, text + "no_such_property: 1\n"));
        Assert.False(Accepts(check, text.Replace("name: ", "nome: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_template_that_is_not_known_is_an_error()
    {
        Assert.Equal("\"customerio\".\"campaigns\"", Project.Compile("{{ source('customerio', 'campaigns') }}"));
        Assert.Throws<NotSupportedException>(() => Project.Compile("{{ dbt_utils.star('campaigns') }}"));
        Assert.Throws<NotSupportedException>(() => Project.Compile("{% if true %}1{% endif %}"));
        Assert.Throws<InvalidOperationException>(() => Project.Compile("{{ ref('nothing') }}"));
        Assert.Throws<InvalidOperationException>(() => Project.Compile("{{ source('customerio', 'nothing') }}"));
    }

    public void Dispose() => _database.Dispose();

    private static bool Accepts(SchemaCheck check, string yaml) => check.Accepts(JsonSerializer.SerializeToElement(YamlJson.Read(yaml)));
}

/// <summary>All tables of a small world with their models, and the package that is written for them.</summary>
public sealed class DbtWorld : IAsyncLifetime
{
    private readonly string _copies = Directory.CreateTempSubdirectory("sluice-dbt-").FullName;
    private IngestHarness _bench = null!;
    private int _copied;

    public string Folder => Path.Combine(_copies, "package");

    internal DbtProject Project => new(Folder);

    public async ValueTask InitializeAsync()
    {
        _bench = await IngestHarness.StartAsync(new SimulatorOptions { Customers = 60, MessageDays = 60, RequestsPerSecond = 0 });
        var report = await _bench.IngestAsync(_bench.Request(IngestHarness.AllJobs()) with { Models = true });
        Assert.Equal(ExitCode.Done, report.ExitCode);
        var run = await new ToolHarness().RunAsync("dbt", "init", Folder, "--dest-uri", _bench.DestinationUri);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        using var database = Database.File(_bench.File);
        database.Execute("CREATE SCHEMA made_by_dbt");
        foreach (var statement in Project.Statements())
        {
            database.Execute(statement);
        }
    }

    /// <summary>Opens a copy of the database.</summary>
    internal DuckDBConnection Open()
    {
        // By the same name, for views name the file's database.
        var copy = Path.Combine(
            Directory.CreateDirectory(Path.Combine(_copies, $"{Interlocked.Increment(ref _copied)}")).FullName, Path.GetFileName(_bench.File));
        File.Copy(_bench.File, copy);
        return Database.File(copy);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        Directory.Delete(_copies, recursive: true);
    }
}
