using System.Text.Json.Nodes;
using Sluice.Cli.Commands;
using Sluice.Cli.Output;
using Sluice.Simulator;
using Sluice.Writes.Backup;
using Sluice.Writes.Statements;
using Xunit;

namespace Sluice.Tests.Writes.Backup;

/// <summary>A simulated workspace with a folder for backups of it.</summary>
internal sealed class BackupBench : IAsyncDisposable
{
    private BackupBench(StatementBench statements) => Statements = statements;

    public StatementBench Statements { get; }

    public World World => Statements.World;

    public string Folder => Path.Combine(Statements.Folder, "saved");

    public static async Task<BackupBench> StartAsync(SimulatorOptions? options = null) => new(await StatementBench.StartAsync(options));

    public async Task<string> BackupAsync(params string[] arguments)
    {
        var run = await Statements.ToolAsync(["backup", "saved", .. arguments]);
        Assert.True(run.Code == 0, run.Error);
        return run.Out;
    }

    public Task<(int Code, string Out, string Error)> RestoreAsync(params string[] arguments) =>
        Statements.ToolAsync(["restore", "saved", .. arguments]);

    public Task DoAsync(string sql, int? rows = null) => Statements.DoAsync(sql, rows);

    /// <summary>Compares and sends with requests that can be spoilt.</summary>
    public async Task<RestoreReport> RunAsync(HttpMessageHandler? handler = null, string? work = null)
    {
        using var client = Statements.Client(handler);
        var messages = new Messages(TextWriter.Null, json: false, debug: false, TimeProvider.System);
        await using var reader = new WorkspaceReader(client, messages, TimeProvider.System);
        var selection = BackupSelection.Read([], takesNames: true, new Sluice.Engine.ValidationErrors());
        var folder = BackupFolder.Open(Folder, "saved");
        var plan = await RestorePlan.MakeAsync(folder, selection, reader.RowsAsync, TestContext.Current.CancellationToken);
        var settings = new CallSettings { WorkFolder = work ?? Statements.Work, Workspace = "test", Statement = "", Source = "", Target = "" };
        return await new RestoreRun(client, settings, reader.RowsAsync, TimeProvider.System) { Patience = TimeSpan.Zero }
            .RunAsync(plan, TestContext.Current.CancellationToken);
    }

    /// <summary>Every file of the folder with its bytes as text, but for those of git.</summary>
    public SortedDictionary<string, string> Files() => new(
        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).ToDictionary(
            path => Path.GetRelativePath(Folder, path).Replace('\\', '/'), path => Convert.ToHexString(File.ReadAllBytes(path))),
        StringComparer.Ordinal);

    /// <summary>The one folder of a kind whose path has some words in it.</summary>
    public string PathOf(string kind, string words, string file) => Path.Combine(
        Path.GetDirectoryName(Directory.EnumerateFiles(Path.Combine(Folder, kind), BackupKind.Find(kind)!.File, SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).First(path => path.Contains(words, StringComparison.Ordinal)))!,
        file);

    /// <summary>All that a restore can bring back, as the world has it.</summary>
    public IReadOnlyList<string> Contents() =>
    [
        .. World.Settings.Snippets.Select(one => $"snippet {one.Key} {one.Value.Value}"),
        .. World.Settings.Collections.Rows.Select(one => $"collection {one["name"]} {one["rows"]}").Order(StringComparer.Ordinal),
        .. World.Segments.Table.Rows.Where(one => World.Segments.IsManual(one["id"]!.GetValue<long>())).Select(Segment).Order(StringComparer.Ordinal),
        .. World.Campaigns.Values.Concat(World.Broadcasts.Values).SelectMany(one => one.Actions.Rows).Select(Content),
        .. World.Newsletters.Values.SelectMany(one => one.Contents.Rows).Select(Content),
        .. World.Transactional.Values.SelectMany(one => one.Contents.Rows).Select(Content),
    ];

    public ValueTask DisposeAsync() => Statements.DisposeAsync();

    private string Segment(JsonObject row) => $"segment {row["name"]} {string.Join(',', World.Segments.Members(row["id"]!.GetValue<long>(), 0))}";

    // Text that is not there and empty text are one to Customer.io.
    private static string Content(JsonObject row)
    {
        var copy = row.DeepClone().AsObject();
        var left = copy.Where(value => value.Key is "updated" or "deduplicate_id" || string.IsNullOrEmpty(value.Value?.ToString()));
        foreach (var name in left.Select(one => one.Key).ToList())
        {
            copy.Remove(name);
        }

        return copy.ToJsonString();
    }
}
