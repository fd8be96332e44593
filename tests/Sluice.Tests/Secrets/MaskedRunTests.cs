using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sluice.Engine;
using Sluice.Engine.Masking;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Secrets;

public sealed class MaskedRunTests
{
    private static readonly string[] PeopleTables =
    [
        "customers",
        "customer_attributes",
        "messages",
        "customer_messages",
        "activities",
        "customer_activities",
    ];

    [Fact]
    public async Task A_masked_value_is_in_no_file_and_no_table_of_a_run_over_all_tables()
    {
        var world = new SimulatorOptions { Customers = 25, RequestsPerSecond = 0, FreezeClock = true, Now = DateTimeOffset.UtcNow };
        await using var open = await CanaryAccount.StartAsync(world);
        var unmasked = await open.IngestAsync(open.Request([], "all") with { KeepSpool = true });
        Assert.Equal(ExitCode.Done, unmasked.ExitCode);
        AssertHasPeople(string.Concat(Canary.Files(open.Bench.WorkFolder).Values), open.Tables(), Canary.Bytes(open.Bench.File));

        await using var masked = await CanaryAccount.StartAsync(world);
        var report = await masked.IngestAsync(masked.Request(CanaryAccount.Masks, "all") with { KeepSpool = true });
        Assert.Equal(ExitCode.Done, report.ExitCode);
        Assert.Equal(
            unmasked.Tables.Select(table => (table.Source, table.Rows, table.Rejected)),
            report.Tables.Select(table => (table.Source, table.Rows, table.Rejected)));
        Assert.All(Canary.Files(masked.Bench.WorkFolder), file => Canary.AssertNone(file.Value, file.Key));
        Canary.AssertNone(Canary.Bytes(masked.Bench.File), "the database file");
        Canary.AssertNone(masked.Tables(), "a table");
        Canary.AssertNone(ReportJson.Serialize(report), "the report");
    }

    [Fact]
    public async Task A_masked_value_is_in_no_file_while_a_run_goes_on_and_after_it_was_stopped()
    {
        await using var account = await CanaryAccount.StartAsync(new SimulatorOptions
        {
            Customers = 80,
            RequestsPerSecond = 0,
            FreezeClock = true,
            Latency = TimeSpan.FromMilliseconds(10),
        });
        var seen = new List<string>();
        using var stop = new CancellationTokenSource();
        var answered = 0;
        var report = await account.IngestAsync(
            account.Request(CanaryAccount.Masks, "all"),
            _ =>
            {
                var number = Interlocked.Increment(ref answered);
                if (number != 5 && number % 20 != 0)
                {
                    return;
                }

                lock (seen)
                {
                    seen.AddRange(Canary.Files(account.Bench.WorkFolder).Values.Append(Canary.Bytes(account.Bench.File)));
                    if (number >= 60 && seen.Exists(HasPeople))
                    {
                        stop.Cancel();
                    }
                }
            },
            stop.Token);

        Assert.Equal(ExitCode.Cancelled, report.ExitCode);
        Assert.Contains(seen, HasPeople);
        Assert.All(seen, text => Canary.AssertNone(text, "a file of the run"));
        Assert.Contains(Canary.Files(account.Bench.WorkFolder), file => file.Value.Contains("cio_id", StringComparison.Ordinal));
        Assert.All(Canary.Files(account.Bench.WorkFolder), file => Canary.AssertNone(file.Value, file.Key));
        Canary.AssertNone(Canary.Bytes(account.Bench.File), "the database file");
        Canary.AssertNone(ReportJson.Serialize(report), "the report");
    }

    [Fact]
    public async Task The_same_person_has_the_same_hash_in_every_table_and_what_was_not_there_stays_away()
    {
        await using var account = await CanaryAccount.StartAsync();
        var report = await account.IngestAsync(account.Request(CanaryAccount.Masks, PeopleTables));

        Assert.Equal(ExitCode.Done, report.ExitCode);
        var hash = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Canary.Salt), Encoding.UTF8.GetBytes(Canary.Email)));
        Assert.Equal(hash, One(account, "SELECT email FROM customerio.customers WHERE cio_id = $"));
        Assert.Equal(hash, One(account, "SELECT email FROM customerio.customer_attributes WHERE cio_id = $"));
        Assert.Equal(hash, One(account, "SELECT attributes->>'email' FROM customerio.customer_attributes WHERE cio_id = $"));
        Assert.Equal("***", One(account, "SELECT attributes->>'phone' FROM customerio.customer_attributes WHERE cio_id = $"));
        Assert.Equal(hash, One(account, "SELECT DISTINCT customer_identifiers->>'email' FROM customerio.messages WHERE cio_id = $"));
        Assert.Equal(
            "c***@masked.example", One(account, "SELECT DISTINCT recipient FROM customerio.customer_messages WHERE type = 'email' AND cio_id = $"));
        Assert.Equal(
            hash,
            One(
                account,
                "SELECT data->'email'->>'to' FROM customerio.activities WHERE type = 'attribute_change' AND cio_id = $ AND (data->'more') IS NOT NULL"
            ));
        var nulls = account.Bench.Simulator.World.Rows("customers").Count(row => row.GetProperty("email").ValueKind == JsonValueKind.Null);
        Assert.True(nulls > 0);
        Assert.Equal((long)nulls, account.Bench.Query("SELECT count(*) FROM customerio.customers WHERE email IS NULL")[0][0]);
    }

    [Fact]
    public async Task A_masked_number_time_or_object_becomes_text_and_no_rejected_value()
    {
        await using var account = await CanaryAccount.StartAsync();
        string[] masks = ["campaign_id:sha256", "metrics:redact", "content_id:redact", "customer_identifiers.id:partial", "forgotten?:redact"];
        var report = await account.IngestAsync(account.Request(masks, "messages"));

        Assert.Equal((ExitCode.Done, 0), (report.ExitCode, report.Tables[0].Rejected));
        var types = account.Bench.Query(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'messages' AND column_name IN ('campaign_id', 'metrics', " +
                "'content_id', 'forgotten')"
        );
        Assert.Equal(4, types.Count);
        Assert.All(types, type => Assert.Equal("VARCHAR", type[1]));
        var campaigns = account
            .Bench.Simulator.World.Rows("messages")
            .Where(row => row.GetProperty("campaign_id").ValueKind == JsonValueKind.Number)
            .Select(row => Hash(row.GetProperty("campaign_id").GetRawText()))
            .Distinct()
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            campaigns,
            account
                .Bench.Query("SELECT DISTINCT campaign_id FROM customerio.messages WHERE campaign_id IS NOT NULL ORDER BY 1")
                .Select(row => (string)row[0]!));
        Assert.Equal(
            ["***"],
            account
                .Bench.Query("SELECT DISTINCT metrics->>'sent' FROM customerio.messages WHERE metrics->>'sent' IS NOT NULL")
                .Select(row => (string)row[0]!));
        Assert.Empty(account.Bench.Query("SELECT 1 FROM customerio.messages WHERE content_id <> '***'"));
    }

    [Fact]
    public async Task Metrics_that_are_masked_become_text_as_everything_else_does()
    {
        await using var account = await CanaryAccount.StartAsync();
        var report = await account.IngestAsync(account.Request(["sent:redact", "observed_at:sha256"], "campaign_metrics:days"));

        Assert.Equal((ExitCode.Done, 0), (report.ExitCode, report.Tables[0].Rejected));
        Assert.True(report.Tables[0].Rows > 0);
        Assert.Equal(
            ["***"],
            account.Bench.Query("SELECT DISTINCT sent FROM customerio.campaign_metrics_days WHERE sent IS NOT NULL").Select(row => (string)row[0]!));
        Assert.Empty(account.Bench.Query("SELECT 1 FROM customerio.campaign_metrics_days WHERE length(observed_at) <> 64"));
        Assert.NotEmpty(account.Bench.Query("SELECT 1 FROM customerio.campaign_metrics_days WHERE delivered > 0 AND period_start IS NOT NULL"));
    }

    [Fact]
    public async Task Pages_that_were_kept_unmasked_are_thrown_away_by_a_masked_run()
    {
        await using var account = await CanaryAccount.StartAsync();
        var stopped = await account.StopAfterAsync(account.Request([], PeopleTables), answers: 6);
        Assert.Equal(ExitCode.Cancelled, stopped.ExitCode);
        var spool = string.Concat(Canary.Files(account.Bench.WorkFolder).Values);
        Assert.Contains(Canary.Email, spool, StringComparison.Ordinal);

        var report = await account.IngestAsync(account.Request(CanaryAccount.Masks, PeopleTables) with { KeepSpool = true });

        Assert.Equal(ExitCode.Done, report.ExitCode);
        Assert.All(report.Tables, table => Assert.False(table.Resumed));
        Assert.All(Canary.Files(account.Bench.WorkFolder), file => Canary.AssertNone(file.Value, file.Key));
        Canary.AssertNone(account.Tables(), "a table");
    }

    [Fact]
    public async Task Pages_of_another_mask_another_salt_or_none_are_not_taken_up_and_those_of_the_same_are()
    {
        await using var account = await CanaryAccount.StartAsync();
        var request = account.Request(CanaryAccount.Masks, "customers") with { LeaveSpool = true };
        await account.IngestAsync(request);

        Assert.True((await account.IngestAsync(request)).Tables[0].Resumed);
        Assert.False((await account.IngestAsync(Free(account.Request(["email:partial"], "customers")) with { LeaveSpool = true })).Tables[0].Resumed);
        var salted = new MaskSet(request.ParentMasks.Masks, new MaskSalt("another"));
        await account.IngestAsync(Free(request));
        Assert.False((await account.IngestAsync(Free(request).WithSettings(settings => settings with { Masks = salted }))).Tables[0].Resumed);
        Assert.False((await account.IngestAsync(Free(account.Request([], "customers")))).Tables[0].Resumed);
        Assert.Equal(Canary.Email, One(account, "SELECT email FROM customerio.customers WHERE cio_id = $"));
    }

    private static bool HasPeople(string text) => text.Contains("example.com", StringComparison.Ordinal);

    // Whoever masks otherwise must say so.
    private static IngestRequest Free(IngestRequest request) =>
        request.WithSettings(settings => settings with { Unmask = ["email", "recipient", "phone", "first_name"] });

    private static void AssertHasPeople(string spool, string tables, string file)
    {
        Assert.Equal(Canary.People, Canary.In(spool, Canary.People));
        Assert.Equal(Canary.People, Canary.In(tables, Canary.People));
        Assert.NotEmpty(Canary.In(file, Canary.People));
    }

    private static string Hash(string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Canary.Salt), Encoding.UTF8.GetBytes(text)));

    private static string? One(CanaryAccount account, string sql) =>
        (string?)Assert.Single(account.Bench.Query(sql.Replace("$", $"'{account.CioId}'", StringComparison.Ordinal)))[0];
}
