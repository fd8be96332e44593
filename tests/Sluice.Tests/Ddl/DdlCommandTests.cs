using Sluice.Engine.Runs;
using Sluice.Tests.Cli;
using Xunit;

namespace Sluice.Tests.Ddl;

public sealed class DdlCommandTests
{
    [Theory]
    [InlineData(
        "Did you mean snowflake? There are snowflake, bigquery, redshift, athena, spark, databricks, trino, clickhouse.",
        "--dialect",
        "snowflak",
        "segments"
    )]
    [InlineData("--dialect is missing.", "segments")]
    [InlineData("There are snowflake, bigquery", "segments")]
    [InlineData("There is no table 'campain'. Did you mean campaigns", "--dialect", "trino", "campain")]
    [InlineData("needs a period", "--dialect", "trino", "campaign_metrics")]
    [InlineData("no table has a column type with times.", "--dialect", "trino", "segments", "--partition-by", "type")]
    [InlineData(
        "There are: _sluice_deleted_at, _sluice_loaded_at, created_at, updated_at.",
        "--dialect",
        "trino",
        "segments",
        "--partition-by",
        "create_at"
    )]
    [InlineData("can't divide created_at by 'hour'", "--dialect", "trino", "segments", "--partition-by", "created_at:hour")]
    [InlineData("names created_at twice", "--dialect", "trino", "segments", "--partition-by", "created_at", "--partition-by", "created_at:day")]
    [InlineData("segments has no column plan, which is to identify its rows.", "--dialect", "trino", "segments", "--primary-key", "id,plan")]
    [InlineData(
        "--partition-by can't be given with --manifest",
        "--dialect",
        "trino",
        "segments",
        "--partition-by",
        "created_at",
        "--manifest",
        "x.json"
    )]
    [InlineData("--dest-schema holds no usable name", "--dialect", "trino", "segments", "--dest-schema", "a\"b")]
    [InlineData("--dest-schema holds no usable name", "--dialect", "trino", "segments", "--schema", "a.b")]
    [InlineData("--deletes can't be 'none'", "--dialect", "trino", "segments", "--deletes", "none")]
    [InlineData("can't have the type 'blob'", "--dialect", "trino", "segments", "--columns", "plan:blob")]
    [InlineData("Name the one table whose column it is.", "--dialect", "trino", "segments", "campaigns", "--columns", "plan:text")]
    [InlineData("--manifest lists the files of one table, but 2", "--dialect", "snowflake", "segments,campaigns", "--manifest", "x.json")]
    [InlineData("--manifest can't be read", "--dialect", "snowflake", "segments", "--manifest", "no-such-file.json")]
    public async Task A_wrong_command_line_ends_with_2_and_words_on_stderr_alone(string words, params string[] arguments)
    {
        var run = await new ToolHarness().RunAsync(["ddl", .. arguments]);

        Assert.Equal((ExitCode.Config, ""), (run.Code, run.Out));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_is_added_is_called_as_in_the_files()
    {
        var run = await new ToolHarness().RunAsync(
            "ddl", "bigquery", "messages", "--columns", "_PARTITIONTIME:text,a-b:bigint,created_month:text", "--partition-by", "created:month");

        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("  `field_PARTITIONTIME` STRING,\n  `a_b` INT64,\n  `created_month_2` STRING,\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dialect_can_stand_before_the_tables()
    {
        var run = await new ToolHarness().RunAsync("ddl", "Trino", "segments", "campaign_metrics:weeks");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(run.Out, (await new ToolHarness().RunAsync("ddl", "segments,campaign_metrics:weeks", "--dialect", "trino")).Out);
        Assert.Contains("\"campaign_metrics_weeks\"", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_columns_are_those_that_ingest_was_told_to_write()
    {
        var run = await new ToolHarness().RunAsync(
            "ddl",
            "spark",
            "segments",
            "--columns",
            "name,plan:json,progress:double",
            "--exclude-columns",
            "state",
            "--deletes",
            "ignore",
            "--dest-schema",
            "crm");

        Assert.Contains(
            "`crm`.`segments` (\n  `id` BIGINT,\n  `name` STRING,\n  `progress` DOUBLE,\n  `updated_at` TIMESTAMP,\n  `plan` STRING,\n"
            + "  `_sluice_loaded_at` TIMESTAMP,\n  `_sluice_run_id` STRING\n)",
            run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_without_the_column_of_the_folders_have_no_folders()
    {
        var run = await new ToolHarness().RunAsync("ddl", "athena", "segments", "subscription_topics", "--partition-by", "created_at:year");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Single(run.Out.Split("PARTITIONED BY (\n  `created_at_year` string\n)").Skip(1));
        Assert.Contains("  `created_at` timestamp,", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_the_one_that_ingest_was_given()
    {
        var run = await new ToolHarness().RunAsync("ddl", "trino", "segments", "--primary-key", "id,name");

        Assert.Contains("PARTITION BY \"id\", \"name\" ORDER BY", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_is_read_from_its_file()
    {
        var file = Path.Combine(Path.GetTempPath(), $"sluice-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, LakeManifestTests.Segments("\"created_at:month\""), TestContext.Current.CancellationToken);
        try
        {
            var run = await new ToolHarness().RunAsync("ddl", "snowflake", "segments", "--manifest", file);

            Assert.Equal((0, ""), (run.Code, run.Error));
            Assert.Contains("FILES = (\n  'created_at_month=2026-01/load-1.parquet'\n)", run.Out, StringComparison.Ordinal);
            Assert.Contains(
                "\"SEGMENTS\" (\n  \"ID\" BIGINT,\n  \"CREATED_AT\" TIMESTAMP_TZ(6),\n  \"_SLUICE_LOADED_AT\" TIMESTAMP_TZ(6),\n  \"PLAN\" " +
                    "VARIANT,\n  \"CREATED_AT_MONTH\" VARCHAR\n)",
                run.Out, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_variable_stands_in_for_the_dialect()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["SLUICE_DIALECT"] = "athena", ["SLUICE_LOCATION"] = "s3://lake" };

        var run = await new ToolHarness(environment).RunAsync("ddl", "segments");

        Assert.Contains("LOCATION 's3://lake/customerio/segments/'", run.Out, StringComparison.Ordinal);
    }
}
