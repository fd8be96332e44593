using System.Globalization;
using Sluice.Benchmarks.Kill;
using Sluice.Destinations;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Cli;
using Sluice.Simulator;
using Xunit;

namespace Sluice.ServerTests.Destinations;

/// <summary>
/// The tool is killed (signal 9) again and again while it writes into a destination: after some pages, when everything is read, and when a table is
/// committed.
/// </summary>
public abstract class KilledIngest(string kind, int seed)
{
    private const string Schema = "customerio";
    private static readonly string[] Tables = ["messages", "customers", "campaigns", "newsletters"];

    [Fact]
    public async Task Rows_state_and_ledger_agree_after_every_kill_and_the_end_is_whole()
    {
        await using var place = await Places.NewAsync(kind);
        await using var account = await PretendAccount.StartAsync(
            new SimulatorOptions
            {
                Customers = 150,
                Messages = 3000,
                RequestsPerSecond = 0,
                FreezeClock = true,
                Latency = TimeSpan.FromMilliseconds(4),
            },
            Tool.Cancel);
        using var tool = ToolFor(account, place);
        var random = new Random(seed);
        for (var round = 0; round < 2; round++)
        {
            await KillAgainAndAgainAsync(tool, place, random);
            (await tool.RunAsync(Ingest)).Ended(ExitCode.Done);
            Assert.Equal(Tables.Length, await AssertAgreementAsync(place));

            // Once people are gone, messages older than the look-back keep the ids that they had.
            (await tool.RunAsync("audit", place.Uri, round == 0 ? string.Join(',', Tables) : "customers,campaigns,newsletters")).Ended(ExitCode.Done);
            await account.ChangeAsync(random, Tool.Cancel);
        }
    }

    // Each moment comes later than the one before, because a run goes on with what the killed one has on disk.
    private static async Task KillAgainAndAgainAsync(Tool tool, DestinationPlace place, Random random)
    {
        (string Kind, int Lines)[] moments =
        [
            ("page", 1 + random.Next(3)),
            ("done", 1 + random.Next(Tables.Length - 1)),
            ("done", Tables.Length),
            ("gone", 1),
        ];
        var killed = 0;
        foreach (var (kind, lines) in moments)
        {
            killed += await IsKilledAsync(tool, kind, lines, TimeSpan.FromMilliseconds(random.Next(kind == "page" ? 1 : 150))) ? 1 : 0;
            await AssertAgreementAsync(place);
        }

        Assert.True(killed >= 2, $"Only {killed} runs were killed before they ended.");
    }

    private static string[] Ingest => ["ingest", "--source-uri", "customerio://?rate=10000", "--source-table", string.Join(',', Tables)];

    private static Tool ToolFor(PretendAccount account, DestinationPlace place)
    {
        var tool = new Tool();
        tool.Environment["CUSTOMERIO_APP_API_KEY"] = "sim-app-key";
        tool.Environment["CUSTOMERIO_BASE_URL"] = account.Address;
        tool.Environment["SLUICE_DEST_URI"] = place.Uri;
        return tool;
    }

    private static async Task<bool> IsKilledAsync(Tool tool, string kind, int lines, TimeSpan later)
    {
        using var process = tool.Start(Ingest);
        var ending = Tool.EndAsync(process);
        await new Kill.WorkFolder(tool.PathOf(".sluice")).ReachedAsync(kind, lines, process, Tool.Cancel);
        await Task.WhenAny(ending, Task.Delay(later, Tool.Cancel));
        process.Kill(entireProcessTree: true);
        return (await ending).Code is not (ExitCode.Done or ExitCode.Partial);
    }

    /// <summary>Each table that has a state has the rows that the ledger's last line tells, of the same run; gives how many there are.</summary>
    private static async Task<int> AssertAgreementAsync(DestinationPlace place)
    {
        await using var destination = await DestinationRegistry.OpenAsync(place.Uri, Tool.Cancel);
        var states = await destination.SystemTables(Schema).ReadStatesAsync(Tool.Cancel);
        foreach (var state in states)
        {
            var line = (await RowsAsync(destination, "_sluice_ledger", "committed_at")).Last(row => (string)row["table_name"]! == state.Table);
            var rows = await RowsAsync(destination, state.Table, state.Table == "customers" ? "cio_id" : "id");
            Assert.Equal(state.RunId, line["run_id"]);
            Assert.Equal(
                Convert.ToInt64(line["table_rows"], CultureInfo.InvariantCulture),
                rows.LongCount(row => row.GetValueOrDefault("_sluice_deleted_at") is null));
        }

        foreach (var table in Tables.Except(states.Select(state => state.Table), StringComparer.Ordinal))
        {
            Assert.Null(await destination.ReadTableAsync(Schema, table, [], Tool.Cancel));
        }

        return states.Count;
    }

    private static async Task<List<Dictionary<string, object?>>> RowsAsync(Engine.Load.IDestination destination, string table, string orderBy)
    {
        await using var reader = await destination.ReadTableAsync(Schema, table, [orderBy], Tool.Cancel);
        Assert.NotNull(reader);
        var rows = new List<Dictionary<string, object?>>();
        while (await reader.ReadAsync(Tool.Cancel))
        {
            rows.Add(
                Enumerable
                    .Range(0, reader.FieldCount)
                    .ToDictionary(reader.GetName, column => reader.IsDBNull(column) ? null : reader.GetValue(column), StringComparer.Ordinal));
        }

        return rows;
    }
}
