using System.Diagnostics;
using Sluice.Benchmarks.Kill;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>An account whose truth stands still, and a tool that reads it and is disturbed.</summary>
internal sealed class StoppableRuns : IAsyncDisposable
{
    private static readonly string[] Tables = ["messages", "customers", "customer_relationships"];

    private readonly bool _ownsAccount;

    private StoppableRuns(PretendAccount account, bool ownsAccount)
    {
        (Account, _ownsAccount) = (account, ownsAccount);
        Tool = NewTool();
    }

    public PretendAccount Account { get; }

    public Tool Tool { get; }

    public string Database => Tool.PathOf("sluice.duckdb");

    public static async Task<StoppableRuns> StartAsync(int latency = 0, int messages = 3000) => new(await PretendAccount.StartAsync(
        new SimulatorOptions
        {
            Customers = 100,
            Messages = messages,
            RequestsPerSecond = 0,
            FreezeClock = true,
            Latency = TimeSpan.FromMilliseconds(latency),
        },
        Tool.Cancel), ownsAccount: true);

    /// <summary>The same account, and a tool that has read nothing of it.</summary>
    public StoppableRuns Anew() => new(Account, ownsAccount: false);

    public Tool NewTool()
    {
        var tool = new Tool();
        tool.Environment["CUSTOMERIO_APP_API_KEY"] = "sim-app-key";
        tool.Environment["CUSTOMERIO_BASE_URL"] = Account.Address;
        return tool;
    }

    public static string[] Ingest(params string[] options) =>
        ["ingest", "--source-uri", "customerio://?rate=10000", "--source-table", string.Join(',', Tables), .. options];

    public static async Task SignalAsync(string signal, Process process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(Tool.Cancel);
    }

    public static async Task ReadUntilAsync(StreamReader text, string words)
    {
        while (await text.ReadLineAsync(Tool.Cancel) is { } line)
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The tool ended without a word of {words}.");
    }

    public async Task AnsweredAsync(long answers)
    {
        while (await Account.AnswersAsync(Tool.Cancel) < answers)
        {
            await Task.Delay(5, Tool.Cancel);
        }
    }

    /// <summary>Runs to the end and tells how many answers were needed, and how long it went on after the last one.</summary>
    public async Task<(long Answers, TimeSpan Loading)> MeasureAsync()
    {
        using var process = Tool.Start(Ingest());
        var ending = Tool.EndAsync(process);
        var (answers, last) = (0L, Stopwatch.StartNew());
        while (!ending.IsCompleted)
        {
            if (await Account.AnswersAsync(Tool.Cancel) is var now && now > answers)
            {
                answers = now;
                last.Restart();
            }

            await Task.Delay(5, Tool.Cancel);
        }

        (await ending).Ended(ExitCode.Done);
        return (answers, last.Elapsed);
    }

    /// <summary>The same command comes to its end, and every table equals the world.</summary>
    public async Task EndsWithTheTruthAsync()
    {
        (await Tool.RunAsync(Ingest())).Ended(ExitCode.Done);
        Assert.Equal(Tables.Length, await AssertWholeOrAbsentAsync());
    }

    /// <summary>Every table that is there equals the world; gives how many there are.</summary>
    public async Task<int> AssertWholeOrAbsentAsync()
    {
        var found = 0;
        foreach (var name in Tables.Select(table => TableName.Parse(table, ResourceCatalog.Default)))
        {
            if (await IsThereAsync(name.TableIdentifier))
            {
                await using var connection = Cli.Database.Open(Database);
                Assert.Empty(
                    WorldComparison.Differences(
                        connection, "customerio", name, WorldRows.Of(Account.World, name, isFirst: true)!, extrasAllowed: false));
                found++;
            }
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        Tool.Dispose();
        if (_ownsAccount)
        {
            await Account.DisposeAsync();
        }
    }

    private async Task<bool> IsThereAsync(string table) =>
        await Cli.Database.CountAsync(Database, $"SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'customerio' AND table_name = '{table}'")
        > 0;
}
