using System.Text;
using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations.Files;

/// <summary>Whoever can write to a shared folder or bucket has no say over the machine that loads into it or reads from it.</summary>
public sealed class HostileManifestTests
{
    private static readonly string[] Paths =
    [
        "../../../secret/stolen.parquet", "..", ".", "", "a//b.parquet", "a/../b.parquet", "./a.parquet", "a/", "/etc/hostname", "//host/share/a",
        "\\\\host\\share\\a", "..\\a.parquet", "C:\\a.parquet", "C:a.parquet", "a.parquet:stream", "%2e%2e/a.parquet", "%2E%2E/a.parquet",
        "..%2fa.parquet", "a%00.parquet", "a\0.parquet", "a\n.parquet", "a\u001b[2J.parquet", "a\u202E.parquet", "*.parquet", "a?.parquet",
        "[ab].parquet", "a'b.parquet", "a b.parquet", "~/a.parquet", ".hidden", "_manifest.json.", "s3://other/a.parquet", "file:///etc/hostname",
        "https://127.0.0.1:1/a", "at_date=../a.parquet", "..%2F..%2Fat_date=2026-01-01/a.parquet", "at_date=2026=01/a.parquet", "at_date=x/a.parquet",
    ];

    private static readonly string[] Types =
    [
        "BIGINT) AS x FROM (SELECT 1 AS id); COPY (SELECT 42) TO '{0}' (FORMAT csv); --", "", " ", "bigint", "BIGINT ", "BIGINT;", "INTEGER",
        "VARCHAR[]", "STRUCT(a BIGINT)", "DECIMAL(18,3)", "JSON' : (SELECT 1)", "VARCHAR USING (SELECT 1)", "BIGINT\n", "BIGINT\0", "UnixTime",
    ];

    private static readonly string[] Documents =
    [
        """{"columns":[null]}""",
        """{"columns":[{"name":"","type":"BIGINT","has_long_integers":false}]}""",
        """{"columns":[{"name":"a\u0000","type":"BIGINT","has_long_integers":false}]}""",
        """{"columns":[{"name":"id","type":null,"has_long_integers":false}]}""",
        """{"columns":[{"name":"id","type":"BIGINT"},{"name":"ID","type":"BIGINT"}]}""",
        """{"columns":[]}""",
        """{"columns":"id"}""",
        """{"files":[]}""",
        """{"files":[null]}""",
        """{"files":[{"path":"a.parquet","rows":-1,"marked":0,"bytes":1,"widest_row":0}]}""",
        """{"files":[{"path":"a.parquet","rows":9223372036854775807,"marked":0,"bytes":1,"widest_row":0}]}""",
        """{"files":[{"path":"a.parquet","rows":1,"marked":0,"bytes":1,"widest_row":9223372036854775807}]}""",
        """{"layout":null}""",
        """{"layout":{"format":77,"compression":"none"}}""",
        """{"state":{"source":"a","read_until":"2026-01-01T00:00Z","parents":{"1":9223372036854775807},"updated_at":"2026-01-01T00:00Z"}}""",
        """{"state":{"source":"a","read_until":"yesterday","parents":{},"updated_at":"2026-01-01T00:00Z"}}""",
        """{"state":{"source":null,"read_until":"2026-01-01T00:00Z","parents":{},"updated_at":"2026-01-01T00:00Z"}}""",
        """{"ledger":[null]}""",
        """{"table":null}""",
        """{"table":""}""",
        """{"table":"../../x"}""",
        """{"table":"/etc/x"}""",
        """{"table":"things\u001b[2J"}""",
        """{"table":"others"}""",
        """{"schema":"elsewhere"}""",
        """{"epoch":-1}""",
        """{"epoch":9223372036854775807}""",
    ];

    [Theory]
    [InlineData("folder")]
    [InlineData("s3")]
    public Task A_path_of_a_file_that_is_not_plainly_below_the_tables_folder_is_refused(string lake) =>
        RefusesAsync(lake, For(lake, Paths), (manifest, path) => manifest["files"]![0]!["path"] = path);

    [Fact]
    public Task A_path_of_rejects_is_held_to_the_same() => RefusesAsync(
        "folder",
        Paths[..12],
        (manifest, path) => manifest["rejects"]!.AsArray().Add(new JsonObject { ["path"] = path, ["load_id"] = "x", ["values"] = 1 }));

    [Theory]
    [InlineData("folder")]
    [InlineData("s3")]
    public Task A_type_that_no_column_has_reaches_no_statement(string lake) =>
        RefusesAsync(lake, For(lake, Types), (manifest, type) => manifest["columns"]![0]!["type"] = type);

    [Fact]
    public Task A_type_of_a_field_is_held_to_the_same() =>
        RefusesAsync("folder", Types[..5], (manifest, type) => manifest["fields"]!.AsArray().Add(new JsonObject
        {
            ["field"] = "f",
            ["column"] = "f",
            ["type"] = type,
            ["run_id"] = "r",
            ["added_at"] = "2026-01-01T00:00:00+00:00",
        }));

    [Fact]
    public Task What_no_load_can_have_written_is_told_and_not_stumbled_over() => RefusesAsync("folder", Documents, (manifest, changes) =>
    {
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject())
        {
            manifest[name] = value?.DeepClone();
        }
    }, isTold: false);

    [Theory]
    [InlineData("""{"epoch":"many"}""", "epoch is not a number")]
    [InlineData("""{"written_at":"soon"}""", "written_at is not a time")]
    [InlineData("""{"columns":[{"name":7,"type":"BIGINT"}]}""", "columns[0].name is not a text")]
    [InlineData("""{"columns":"id"}""", "columns is not a list")]
    [InlineData("""{"layout":{"format":"papyrus","compression":"none"}}""", "layout.format is not what belongs there")]
    [InlineData("""{"state":{"source":"a","parents":{"x":1.5}}}""", "state.parents.x is not a whole number")]
    [InlineData("""{"schema":"DROP"}""", "it lacks schema")]
    public async Task What_does_not_belong_there_is_told_by_its_field_and_names_no_type_of_this_program(string change, string words)
    {
        await using var lake = await Lake.NewAsync("folder");
        await lake.LoadAsync();
        await lake.ChangeAsync(manifest =>
        {
            foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
            {
                manifest.Remove(name);
                if (value?.ToString() != "DROP")
                {
                    manifest.Add(name, value?.DeepClone());
                }
            }
        });
        var error = await Assert.ThrowsAsync<SluiceException>(() => lake.Desk.ReadAsync());
        Assert.Contains($"_manifest.json is not what Sluice wrote: {words}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_of_a_column_is_only_a_name()
    {
        await using var lake = await Lake.NewAsync("folder");
        await lake.LoadAsync();
        const string Name = "id\"; COPY (SELECT 42) TO 'pwned.csv'; --";
        await lake.ChangeAsync(manifest => manifest["columns"]![1]!["name"] = Name);
        var error = await Assert.ThrowsAsync<SluiceException>(() => lake.Desk.ReadAsync());
        Assert.Equal(SluiceErrorKind.Destination, error.Kind);
        Assert.False(File.Exists("pwned.csv"));
    }

    [Fact]
    public async Task A_name_of_an_object_is_no_path_of_this_machine()
    {
        await using var place = await S3Place.NewAsync("&format=parquet");
        var desk = new LoadHarness(place);
        await using var destination = await desk.OpenAsync();
        var began = DateTimeOffset.UnixEpoch;
        await destination.SystemTables(Schema).RecordRunAsync(new RunRecord("r", began, began, 0, 1, "{}"), Cancel);
        var bucket = ((S3Place)place).Bucket;
        var run = (await bucket.ListAsync($"lake/raw/{Schema}/_sluice_runs/")).Single();
        await bucket.PutAsync($"lake/raw/{Schema}/_sluice_runs/elsewhere/run.json", await bucket.GetAsync(run));
        Assert.Equal(2, (await ReadAsync(destination, SystemTable.Runs.Name, "run_id"))!.Count);
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("s3")]
    public async Task A_document_of_a_run_that_is_none_is_told_with_its_name(string kind)
    {
        await using var lake = await Lake.NewAsync(kind);
        await lake.PutRunAsync("""{"run_id":"r","started_at":"soon"}""");
        await using var destination = await lake.Desk.OpenAsync();
        var error = await Assert.ThrowsAsync<SluiceException>(() => destination.SystemTables(Schema).ReadRunsAsync(9, Cancel));
        var query = await Assert.ThrowsAsync<SluiceException>(() => ReadAsync(destination, SystemTable.Runs.Name, "run_id"));
        Assert.Equal((SluiceErrorKind.Destination, error.Message), (query.Kind, query.Message));
        Assert.Contains("_sluice_runs/1.json", error.Message, StringComparison.Ordinal);
    }

    // A manifest is checked in one place, wherever it was read from: a few values show that a bucket's goes through it.
    private static string[] For(string lake, string[] values) => lake == "folder" ? values : values[..5];

    // Each value in the manifest of the same lake, one after the other.
    private static async Task RefusesAsync(string kind, string[] values, Action<JsonObject, string> change, bool isTold = true)
    {
        await using var lake = await Lake.NewAsync(kind);
        await lake.LoadAsync();
        var manifest = await lake.ReadAsync();
        var before = lake.FilesOfThisMachine();
        foreach (var value in values)
        {
            var text = value.Replace("{0}", Path.Combine(lake.Place.Folder, "pwned.csv"), StringComparison.Ordinal);
            await lake.WriteAsync(Changed(manifest, document => change(document, text)));
            var message = await RefusesAsync(lake);
            Assert.True(!isTold || text.Any(IsEscaped) || message.Contains(text, StringComparison.Ordinal), $"{message} does not name {text}");
            Assert.Equal(before, lake.FilesOfThisMachine());
        }
    }

    // By ingest and by what only reads, which is what an audit does.
    private static async Task<string> RefusesAsync(Lake lake)
    {
        var read = await Assert.ThrowsAsync<SluiceException>(() => lake.Desk.ReadAsync());
        Assert.Equal(SluiceErrorKind.Destination, read.Kind);
        Assert.Contains("_manifest.json", read.Message, StringComparison.Ordinal);
        Assert.NotNull(read.Hint);
        Assert.DoesNotContain(read.Message, letter => char.IsControl(letter) || letter > '~');
        var states = await Assert.ThrowsAsync<SluiceException>(() => lake.StatesAsync());
        Assert.Equal(read.Message, states.Message);
        var loaded = await lake.TryLoadAsync();
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Destination), (loaded.Outcome, loaded.ErrorKind));
        Assert.Equal(read.Message, loaded.Error);
        return read.Message;
    }

    private static bool IsEscaped(char letter) => letter is < ' ' or > '~' or '\'' or '\\' or '"' or '<' or '>' or '&' or '+';

    private static byte[] Changed(byte[] manifest, Action<JsonObject> change)
    {
        var document = JsonNode.Parse(manifest)!.AsObject();
        change(document);
        return Encoding.UTF8.GetBytes(document.ToJsonString());
    }

    private sealed class Lake(DestinationPlace place) : IAsyncDisposable
    {
        private const string Key = $"lake/raw/{Schema}/things/_manifest.json";

        public DestinationPlace Place => place;

        public LoadHarness Desk => field ??= new LoadHarness(place);

        public static async Task<Lake> NewAsync(string kind) =>
            new(kind == "s3" ? await S3Place.NewAsync("&format=parquet") : new FilePlace("parquet", "out"));

        public Task LoadAsync() => Desk.LoadAsync(Job(FolderBench.Things, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);

        public Task<TableReport> TryLoadAsync() =>
            Desk.TryLoadAsync(place.Uri, Job(FolderBench.Things, Strategy.Merge), LoadScenario.Plain, ["""{"id":2,"name":"b"}"""]);

        public async Task StatesAsync()
        {
            await using var destination = await Desk.OpenAsync();
            await destination.SystemTables(Schema).ReadStatesAsync(Cancel);
        }

        public async Task ChangeAsync(Action<JsonObject> change) => await WriteAsync(Changed(await ReadAsync(), change));

        public async Task<byte[]> ReadAsync() =>
            place is S3Place s3 ? await s3.Bucket.GetAsync(Key) : await File.ReadAllBytesAsync(ManifestPath, Cancel);

        public Task WriteAsync(byte[] manifest) =>
            place is S3Place s3 ? s3.Bucket.PutAsync(Key, manifest) : File.WriteAllBytesAsync(ManifestPath, manifest, Cancel);

        public Task PutRunAsync(string text)
        {
            if (place is S3Place s3)
            {
                return s3.Bucket.PutAsync($"lake/raw/{Schema}/_sluice_runs/1.json", Encoding.UTF8.GetBytes(text));
            }

            var folder = Directory.CreateDirectory(Path.Combine(((FilePlace)place).Path, Schema, "_sluice_runs"));
            return File.WriteAllTextAsync(Path.Combine(folder.FullName, "1.json"), text, Cancel);
        }

        // What a load leaves in the work folder is its own affair.
        public IReadOnlyList<string> FilesOfThisMachine() =>
            [.. Directory.EnumerateFiles(place.Folder, "*", SearchOption.AllDirectories)
                .Where(file => !file.StartsWith(Desk.WorkFolder, StringComparison.Ordinal) && !file.EndsWith(".lock", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)];

        public ValueTask DisposeAsync() => place.DisposeAsync();

        private string ManifestPath => Path.Combine(((FilePlace)place).Path, Schema, "things", "_manifest.json");
    }
}
