using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Sluice.Tests.Writes.Sync;

/// <summary><c>sluice two-way</c>, and what the pipeline file says of it.</summary>
public sealed partial class TwoWayCommandTests : IAsyncLifetime
{
    private StatementBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await StatementBench.StartAsync();
        await RunAsync("CREATE TABLE stock (sku TEXT, price NUMERIC, seen DATETIME); INSERT INTO stock VALUES ('a', 1, '2024-05-01 10:00:00')");
        Write("sim-app-key");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("stock", "stock")]
    [InlineData("our $tock's", "our \\$tock''s")]
    public async Task A_collection_that_is_not_there_is_made_as_the_hint_says_and_filled_from_the_table(string collection, string written)
    {
        var path = Path.Combine(_bench.Folder, "sluice.yaml");
        File.WriteAllText(path, File.ReadAllText(path).Replace("collection:stock", $"collection:{collection}", StringComparison.Ordinal));
        var missing = await _bench.ToolAsync("two-way", "stock");
        Assert.Equal(2, missing.Code);
        var hint = missing.Error[missing.Error.IndexOf("sluice query", StringComparison.Ordinal)..].Trim();
        Assert.Equal($"sluice query --workspace main \"INSERT INTO collections(name, data) VALUES ('{written}', '[]')\"", hint);
        var made = await _bench.ToolAsync([.. WordsOf(hint).Skip(1)]);
        Assert.True(made.Code == 0, made.Error);

        var run = await _bench.ToolAsync("two-way", "stock");

        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("stock: 1 to Customer.io", run.Out, StringComparison.Ordinal);
        Assert.Equal("stock: 1 the same already\n", (await _bench.ToolAsync("two-way", "stock")).Out);
    }

    [Fact]
    public async Task It_shows_what_would_change_changes_it_and_lists_what_there_is()
    {
        await MakeAsync("[]");
        var dry = await _bench.ToolAsync("two-way", "stock", "--dry-run");
        Assert.Equal(
            """
            To the collection stock:
              + sku=a  {"sku":"a","price":1,"seen":"2024-05-01T10:00:00Z"}
            stock: 1 to Customer.io. Nothing was changed.

            """, dry.Out);
        var list = await _bench.ToolAsync("two-way");
        Assert.Equal("stock: main, the table stock of crm <-> the collection stock; not run yet\n", list.Out);

        var run = await _bench.ToolAsync("two-way", "stock", "--json");

        Assert.True(run.Code == 0, run.Error);
        Assert.Equal("insert", JsonNode.Parse(run.Out)!["moved"]![0]!["verb"]!.ToString());
        Assert.EndsWith(", 1 row\n", (await _bench.ToolAsync("two-way")).Out, StringComparison.Ordinal);
        Assert.Contains("two-way stock", (await _bench.ToolAsync("writes", "list")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stok", "Did you mean stock?")]
    [InlineData("daily", "It is a sync, which is run by: sluice run daily")]
    [InlineData("zzzzzz", "There are stock.")]
    public async Task A_name_that_is_not_there_is_told_with_what_was_meant(string name, string hint)
    {
        var run = await _bench.ToolAsync("two-way", name);
        Assert.Equal(2, run.Code);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("table: t\n    with: collection:x\n    key: [a]\n    prefer: newest", "prefer can't be newest for a collection")]
    [InlineData("table: t\n    with: snippets\n    prefer: newest", "prefer: newest needs the table's column of times.")]
    [InlineData("table: t\n    with: snippets\n    changed_at: x", "changed_at is for prefer: newest.")]
    [InlineData("table: t\n    with: snippets\n    key: [a]", "Snippets take no key")]
    [InlineData("table: t\n    with: collection:x", "The key key is missing")]
    [InlineData("table: t\n    with: snipets", "with can't be 'snipets'.")]
    [InlineData("table: t\n    with: 'collection:'", "with can't be 'collection:'.")]
    [InlineData("table: a.b.c\n    with: snippets", "table can't be 'a.b.c'.")]
    [InlineData("table: t\n    with: snippets\n    database: w2", "clickhouse:// has no transaction")]
    [InlineData("table: t\n    with: snippets\n    database: w3", "There is no destination 'w3'.")]
    [InlineData("table: t\n    with: snippets\n    workspace: mian", "There is no workspace 'mian'.")]
    [InlineData("table: t\n    with: snippets\n    max_deletes: lots", "max_deletes can't be 'lots'.")]
    [InlineData("table: t\n    with: snippets\n    dest: w", "There is no key 'dest' in the two-way synchronization x.")]
    public async Task What_is_wrong_in_the_file_is_told_before_anything_is_asked_for(string said, string problem)
    {
        File.WriteAllText(
            Path.Combine(_bench.Folder, "sluice.yaml"),
            $$$"""
            version: 1
            workspaces: {main: {app_api_key: k}}
            destinations: {w: "duckdb:///a.duckdb", w2: "clickhouse://u@h/d"}
            two_way:
              x:
                {{{said}}}
            """ + (said.Contains("database:", StringComparison.Ordinal) ? "" : "\n    database: w\n"));
        var run = await _bench.ToolAsync("validate");
        Assert.Equal(2, run.Code);
        Assert.Contains(problem, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_needs_no_sync_and_variables_of_others_may_be_missing()
    {
        var path = Path.Combine(_bench.Folder, "sluice.yaml");
        var text = File.ReadAllText(path).Replace("syncs: {daily: {tables: campaigns, destination: crm}}\n", "", StringComparison.Ordinal);
        File.WriteAllText(path, text);
        var good = await _bench.ToolAsync("validate");
        Assert.Equal(0, good.Code);
        Assert.EndsWith("\nok  stock: main, the table stock of crm <-> the collection stock\n", good.Out, StringComparison.Ordinal);
        File.AppendAllText(path, "  other: {workspace: main, database: far, table: t, with: snippets}\n");
        File.WriteAllText(path, File.ReadAllText(path).Replace("destinations:\n", "destinations:\n  far: ${NOWHERE}\n", StringComparison.Ordinal));
        Assert.Contains("NOWHERE", (await _bench.ToolAsync("two-way")).Error, StringComparison.Ordinal);
        Assert.Contains("There is no collection 'stock'", (await _bench.ToolAsync("two-way", "stock")).Error, StringComparison.Ordinal);
        File.WriteAllText(path, "version: 1\nworkspaces: {main: {app_api_key: k}}\ndestinations: {w: \"duckdb:///a.duckdb\"}\n");
        Assert.Contains("The key syncs is missing in the file.", (await _bench.ToolAsync("validate")).Out, StringComparison.Ordinal);
    }

    // As a shell reads them.
    private static IEnumerable<string> WordsOf(string command) => Word().Matches(command)
        .Select(word => Escaped().Replace(word.Groups["word"].Value, "${letter}"));

    [GeneratedRegex("""\"(?<word>([^"\\]|\\.)*)\"|(?<word>\S+)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex("""\\(?<letter>.)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Escaped();

    private string Uri => "sqlite:///" + Path.Combine(_bench.Folder, "crm.db");

    private async Task MakeAsync(string rows) => Assert.Equal(
        200, (await _bench.Simulator.SendAsync(HttpMethod.Post, "/v1/collections", $$"""{"name":"stock","data":{{rows}}}""")).Status);

    private void Write(string key) => File.WriteAllText(
        Path.Combine(_bench.Folder, "sluice.yaml"),
        $$$"""
        version: 1
        workspaces:
          main: {app_api_key: {{{key}}}, base_url: "{{{_bench.Simulator.Server.BaseAddress}}}", rate: 10000}
        destinations:
          crm: {{{Uri}}}
        syncs: {daily: {tables: campaigns, destination: crm}}
        two_way:
          stock: {database: crm, table: stock, with: "collection:stock", key: [sku], deletes: true}

        """);

    private Task<string> RunAsync(string sql) => new FileDatabase(_bench.Folder, isDuckDb: false).RunAsync(sql);
}
