using Sluice.Engine.Catalog;
using Sluice.ServerTests.Cli;
using Sluice.ServerTests.Servers;
using Xunit;

namespace Sluice.ServerTests.Ddl;

/// <summary>
/// The statements that are printed for ClickHouse, run on a lake that ingest has written: the table is what DuckDB reads from the manifest's files.
/// </summary>
public sealed class WrittenLakeTests(ChdbServer clickHouse, S3Server s3)
{
    // Two that have the column created, two that don't; of messages not the whole list is read, so that nothing marks deleted ones.
    private static readonly string[] Tables = ["messages", "segments", "campaigns", "customer_attributes"];

    [Fact]
    public async Task A_lake_in_a_folder_is_loaded()
    {
        await using var database = await clickHouse.NewDatabaseAsync();
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        var lake = await WrittenLake.InFolderAsync(tool, database.Name, string.Join(',', Tables));

        await RunAsync(database, await lake.StatementsAsync(Tables));

        foreach (var table in Tables)
        {
            await AssertSameAsync(database, lake, database.Name, table);
            await AssertColumnsOfCatalogAsync(database, lake, table);
        }
    }

    [Theory]
    [InlineData("created", "created_date", "%Y-%m-%d", "campaigns", Traits = ["length", "long"])]
    [InlineData("created:month", "created_month", "%Y-%m", "messages")]
    [InlineData("created:year,first_started", "created_year", "%Y", "campaigns", Traits = ["length", "long"])]
    public async Task A_lake_in_folders_of_time_is_loaded(string by, string key, string format, string timed)
    {
        await using var database = await clickHouse.NewDatabaseAsync();
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        var lake = await WrittenLake.InFolderAsync(tool, database.Name, $"{timed},segments", "--partition-by", by);

        await RunAsync(database, await lake.StatementsAsync([timed, "segments", "--partition-by", by]));

        foreach (var table in (string[])[timed, "segments"])
        {
            await AssertSameAsync(database, lake, database.Name, table);
        }

        Assert.Contains($"/{key}=", lake.Files(timed)[0], StringComparison.Ordinal);
        Assert.Equal(
            await LakeSums.AskFilesAsync(
                lake.Files(timed),
                $"SELECT string_agg(DISTINCT strftime(created AT TIME ZONE 'UTC', '{format}'), ',' ORDER BY strftime(created AT TIME ZONE " +
                    $"'UTC', '{format}'))"
            ),
            await database.QueryAsync($"SELECT arrayStringConcat(arraySort(groupUniqArray(assumeNotNull({key}))), ',') FROM {timed}_current"));
        Assert.DoesNotContain(key, await ColumnsAsync(database, "segments"));
    }

    [Fact]
    public async Task Rows_without_a_time_are_in_no_folder_of_time()
    {
        await using var database = await clickHouse.NewDatabaseAsync();
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        var lake = await WrittenLake.InFolderAsync(tool, database.Name, "campaigns", "--partition-by", "first_started:month");

        await RunAsync(database, await lake.StatementsAsync("campaigns", "--partition-by", "first_started:month"));

        Assert.Contains(lake.Files("campaigns"), file => file.Contains("/first_started_month=__HIVE_DEFAULT_PARTITION__/", StringComparison.Ordinal));
        await AssertSameAsync(database, lake, database.Name, "campaigns");
        Assert.Equal("0", await database.QueryAsync("SELECT count() FROM campaigns WHERE (first_started IS NULL) <> (first_started_month IS NULL)"));
        Assert.NotEqual("0", await database.QueryAsync("SELECT count() FROM campaigns WHERE first_started_month IS NULL"));
        Assert.NotEqual("0", await database.QueryAsync("SELECT count() FROM campaigns WHERE first_started_month LIKE '2%-%'"));
    }

    [Fact]
    public async Task With_a_manifest_exactly_its_files_and_columns_are_loaded()
    {
        await using var database = await clickHouse.NewDatabaseAsync();
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        var lake = await WrittenLake.InFolderAsync(
            tool,
            database.Name,
            string.Join(',', Tables),
            "--partition-by",
            "created:year",
            "--exclude-columns",
            "recipient,description",
            "--deletes",
            "hard");
        foreach (var table in Tables)
        {
            // The rest of an older version, as a reader meets it while files are replaced.
            File.Copy(lake.Files(table)[0], Path.Combine(Path.GetDirectoryName(lake.Files(table)[0])!, "older.parquet"));

            await RunAsync(database, await lake.StatementsAsync(table, "--manifest", lake.ManifestOf(table)));

            await AssertSameAsync(database, lake, database.Name, table);
            var columns = lake.Columns(table).Select(column => column.Name).ToList();
            var folders = columns.Contains("created") ? ["created_year"] : Array.Empty<string>();
            Assert.Equal([.. columns, .. folders], await ColumnsAsync(database, table));
        }
    }

    [Fact]
    public async Task Files_of_two_versions_do_not_count_a_row_twice_in_the_view()
    {
        await using var database = await clickHouse.NewDatabaseAsync();
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        var lake = await WrittenLake.InFolderAsync(tool, database.Name, "messages");
        var rows = await LakeSums.AskFilesAsync(lake.Files("messages"), "SELECT CAST(count(*) AS VARCHAR)");
        File.Copy(lake.Files("messages")[0], Path.Combine(lake.PathOf("messages"), "older.parquet"));

        await RunAsync(database, await lake.StatementsAsync("messages"));

        Assert.Equal(rows, await database.QueryAsync("SELECT count() FROM messages_current"));
        Assert.NotEqual(rows, await database.QueryAsync("SELECT count() FROM messages"));
    }

    [Theory]
    [InlineData(null, false, Traits = ["length", "long"])]
    [InlineData("created:month", false, Traits = ["length", "long"])]
    [InlineData("created:year", true)]
    public async Task A_lake_in_a_bucket_is_loaded_from_there(string? by, bool withManifest)
    {
        await using var database = await clickHouse.NewDatabaseAsync();
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();

        // The schema's folder is called otherwise than the schema, for a space can't stand there.
        var schema = $"crm of {database.Name}";
        string[] folders = by is null ? [] : ["--partition-by", by];
        var lake = await WrittenLake.InBucketAsync(s3, tool, schema, "messages,segments", folders);
        try
        {
            IReadOnlyList<string> statements = withManifest
                ?
                [
                    .. await lake.StatementsAsync("messages", "--manifest", lake.ManifestOf("messages")),
                    .. await lake.StatementsAsync("segments", "--manifest", lake.ManifestOf("segments")),
                ]
                : await lake.StatementsAsync(["messages", "segments", .. folders]);
            await RunAsync(database, statements);
            await AssertSameAsync(database, lake, schema, "messages");
            await AssertSameAsync(database, lake, schema, "segments");
        }
        finally
        {
            await database.QueryAsync($"DROP DATABASE IF EXISTS `{schema}`");
        }
    }

    private static async Task RunAsync(ClickHouseDatabase database, IReadOnlyList<string> statements)
    {
        foreach (var statement in statements)
        {
            await database.QueryAsync(statement);
        }
    }

    private static async Task AssertSameAsync(ClickHouseDatabase database, WrittenLake lake, string schema, string table)
    {
        var columns = lake.Columns(table);
        var expected = await LakeSums.OfFilesAsync(lake.Files(table), columns);

        Assert.NotEqual("0", expected.Split(' ')[0]);
        Assert.Equal(expected, await database.QueryAsync(LakeSums.OfTable($"`{schema}`.`{table}`", columns)));
        Assert.Equal(expected, await database.QueryAsync(LakeSums.OfTable($"`{schema}`.`{table}_current`", columns)));
    }

    // A column too many would be empty, and one too few would be missing.
    private static async Task AssertColumnsOfCatalogAsync(ClickHouseDatabase database, WrittenLake lake, string table)
    {
        var written = lake.Columns(table).Select(column => column.Name).ToList();
        var loaded = await ColumnsAsync(database, table);

        Assert.Empty(loaded.Except(written));
        Assert.Empty(written.Except(loaded).Intersect(ResourceCatalog.Default.Find(table)!.Columns.Select(column => column.Name)));
    }

    private static async Task<IReadOnlyList<string>> ColumnsAsync(ClickHouseDatabase database, string table) =>
        (
            await database.QueryAsync($"SELECT name FROM system.columns WHERE database = '{database.Name}' AND table = '{table}' ORDER BY position")
        ).Split('\n');
}
