using System.Text;
using System.Text.RegularExpressions;
using Sluice.Destinations.Files.Manifest;
using Sluice.Destinations.Warehouses;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations.Files;

/// <summary>Names of fields that a reader of the files would refuse.</summary>
public sealed partial class LakeNamesTests
{
    private static readonly string[] Fields =
    [
        "_PARTITIONTIME", "_TABLE_SUFFIX", "_file_name", "_FILE_NAME", "_ROW_TIMESTAMP", "_Change_Type", "__ROOT__x", "_path", "xmin", "oid", "1st",
        "a-b", "a.b", "a b", "École", "école", "e\u0301cole", "ΣΑΣ", "σας", "k", "\u212a", "at_month", "$path", "-",
        new('x', 130), new string('x', 130) + "y",
    ];

    private static readonly string Record = "{\"id\":1,\"at\":1700000000,"
        + $"{string.Join(',', Fields.Select((field, place) => $"\"{field}\":{place}"))}}}";

    [Theory]
    [InlineData("parquet")]
    [InlineData("jsonl")]
    [InlineData("csv")]
    public async Task Every_field_gets_a_name_that_readers_take_in_the_files_and_in_the_statements(string scheme)
    {
        await using var bench = new FolderBench(scheme, "?partition_by=at:month");
        await bench.LoadAsync(Strategy.Merge, Record);
        await bench.LoadAsync(Strategy.Merge, Record);
        var names = Names(bench);

        var row = Assert.Single((await bench.Desk.ReadAsync())!);
        Assert.Equal(Enumerable.Range(0, Fields.Length).Select(place => (long)place), row.Values.OfType<long>().Skip(1).Order());
        Assert.DoesNotContain(names, name => Reserved().IsMatch(name));
        Assert.Equal(names.Count, names.Append("at_month").Select(Folded).Distinct(StringComparer.Ordinal).Count() - 1);
        if (scheme == "parquet")
        {
            Assert.All(names, name => Assert.Matches(@"^[\p{L}\p{M}\p{Nd}_]+$", name));
            Assert.All(names, name => Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 127));
            AssertStatements(bench, names);
        }
    }

    [Fact]
    public async Task Folders_that_would_be_called_like_a_column_are_refused_until_the_files_are_replaced()
    {
        await using var plain = new FolderBench("parquet");
        var uri = $"parquet:///{plain.Root}?partition_by=at:month";
        var job = Job(FolderBench.Things, Strategy.Merge);
        await plain.LoadAsync(job, Record);

        var refused = await plain.Desk.TryLoadAsync(uri, job, LoadScenario.Plain, [Record]);
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Destination), (refused.Outcome, refused.ErrorKind));
        Assert.Contains("--full-refresh", refused.Hint, StringComparison.Ordinal);

        var replaced = await plain.Desk.TryLoadAsync(uri, job.AsFullRefresh(), LoadScenario.Plain with { FullRefresh = true }, [Record]);
        Assert.Equal((TableOutcome.Done, null), (replaced.Outcome, replaced.Error));
        var names = Names(plain);
        Assert.DoesNotContain("at_month", names);
        Assert.Equal(TableOutcome.Done, (await plain.Desk.TryLoadAsync(uri, job, LoadScenario.Plain, [Record])).Outcome);
        Assert.Equal(names, Names(plain));
    }

    [Fact]
    public async Task A_name_of_before_becomes_one_that_readers_take_by_a_full_refresh()
    {
        await using var bench = new FolderBench("csv");
        var job = Job(FolderBench.Things, Strategy.Merge);
        await bench.LoadAsync(job, """{"id":1,"a.b":7}""");
        Assert.Contains("a.b", Names(bench));
        var replaced = await bench.Desk.TryLoadAsync(
            $"parquet:///{bench.Root}", job.AsFullRefresh(), LoadScenario.Plain with { FullRefresh = true }, ["""{"id":1,"a.b":8}"""]);
        Assert.Equal((TableOutcome.Done, null), (replaced.Outcome, replaced.Error));
        Assert.Contains("a_b", Names(bench));
        Assert.DoesNotContain("a.b", Names(bench));
    }

    private static List<string> Names(FolderBench bench) => [.. Manifest(bench).Columns.Select(column => column.Name)];

    private static TableManifest Manifest(FolderBench bench) => ManifestJson.ReadManifest(ManifestOf(bench), "it", null);

    private static byte[] ManifestOf(FolderBench bench) => File.ReadAllBytes(Path.Combine(bench.Table, TableManifest.FileName));

    private static void AssertStatements(FolderBench bench, List<string> names)
    {
        var table = LakeManifest.Read(ManifestOf(bench), Schema, "things").ApplyTo(
            LakeTable.Of(new TableName("segments", null), ResourceCatalog.Default.Find("segments")!) with { Name = "things" });
        foreach (var dialect in WarehouseDialects.Names)
        {
            var script = WarehouseDialects.Write(
                dialect,
                new DdlRequest { Schema = Schema, Location = LakeAddress.Placeholder, Tables = [table] });
            Assert.All(names, name => Assert.Contains(name, script, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static string Folded(string name) => name.Normalize().ToUpperInvariant().ToLowerInvariant();

    [GeneratedRegex(
        "^(_TABLE_|_FILE_|_PARTITION|_ROW_TIMESTAMP|__ROOT__|_COLIDENTIFIER|_CHANGE_)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Reserved();
}
