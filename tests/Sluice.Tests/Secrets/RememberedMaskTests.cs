using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Audit;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Simulator;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Secrets;

public sealed class RememberedMaskTests
{
    private const string Salt = "a salt that nobody knows";

    private static readonly SimulatorOptions Options = new() { Customers = 40, RequestsPerSecond = 0, FreezeClock = true };

    [Theory]
    [InlineData("", Salt, "email is masked by sha256 in customerio.customers, customerio.customer_attributes, and nothing masks it now")]
    [InlineData("email:redact,phone?:redact", Salt, "and now by redact")]
    [InlineData("email:sha256,phone?:redact", "another", "but now with another salt or none")]
    [InlineData("email:sha256", Salt, "phone is masked by redact in customerio.customer_attributes, and nothing masks it now")]
    public async Task A_run_without_the_mask_with_another_or_another_salt_stops(string masks, string salt, string words)
    {
        await using var bench = await StartAsync();
        await IngestAsync(bench, "email:sha256,phone?:redact");

        var error = await Assert.ThrowsAsync<SluiceException>(() => bench.IngestAsync(Request(bench, masks, salt)));
        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Salt, error.Message + error.Hint, StringComparison.Ordinal);
        Assert.Equal(0L, InClear(bench));
        await IngestAsync(bench, "email:sha256,phone?:redact");
    }

    [Fact]
    public async Task A_table_that_a_mask_has_nothing_to_do_with_needs_none()
    {
        await using var bench = await StartAsync();
        await IngestAsync(bench, "email:sha256,phone?:redact", "customers,campaigns");
        Assert.Empty(bench.Query("SELECT 1 FROM customerio._sluice_columns WHERE mask IS NOT NULL AND table_name = 'campaigns'"));
        await IngestAsync(bench, "", "campaigns");
    }

    [Fact]
    public async Task A_repair_without_the_mask_writes_nothing()
    {
        await using var bench = await StartAsync();
        await IngestAsync(bench, "email:sha256,phone?:redact");
        bench.Query("DELETE FROM customerio.customers; SELECT 1");

        var error = await Assert.ThrowsAsync<SluiceException>(() => AuditAsync(bench, Request(bench, "", Salt)));
        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Equal(0L, bench.Scalar("SELECT count(*) FROM customerio.customers"));

        var repaired = await AuditAsync(bench, Request(bench, "email:sha256,phone?:redact", Salt));
        Assert.Equal(ExitCode.Done, repaired.ExitCode);
        Assert.Equal(0L, InClear(bench));
    }

    [Fact]
    public async Task Unmask_is_the_way_back_and_is_needed_once()
    {
        await using var bench = await StartAsync();
        await IngestAsync(bench, "email:sha256", "customers");
        var report = await bench.IngestAsync(Request(bench, "", Salt, "customers", "EMAIL"));
        Assert.Contains(report.Tables[0].Notes, note => note.Contains("in clear from this run on", StringComparison.Ordinal));
        Assert.NotEqual(0L, InClear(bench));
        Assert.Equal("none", bench.Scalar("SELECT mask FROM customerio._sluice_columns WHERE table_name = 'customers' AND mask IS NOT NULL"));
        await IngestAsync(bench, "", "customers");

        // With a mask it is the way to another method or salt.
        await IngestAsync(bench, "email:sha256", "customers");
        Assert.Equal(ExitCode.Done, (await bench.IngestAsync(Request(bench, "email:sha256", "another", "customers", "email"))).ExitCode);
        await Assert.ThrowsAsync<SluiceException>(() => bench.IngestAsync(Request(bench, "email:sha256", Salt, "customers")));
    }

    [Fact]
    public async Task Rows_that_were_there_in_clear_are_told_of()
    {
        await using var bench = await StartAsync();
        await IngestAsync(bench, "", "customers");
        var report = await bench.IngestAsync(Request(bench, "email:redact", Salt, "customers"));
        Assert.Contains(
            report.Tables[0].Notes,
            note => note.Contains("email: masked from this run on", StringComparison.Ordinal)
                && note.Contains("--full-refresh", StringComparison.Ordinal));
        Assert.Empty((await bench.IngestAsync(Request(bench, "email:redact", Salt, "customers"))).Tables[0].Notes);
    }

    [Fact]
    public async Task A_destination_of_an_earlier_version_learns_of_masks()
    {
        await using var bench = await StartAsync();
        await IngestAsync(bench, "email:redact", "customers");
        bench.Query("ALTER TABLE customerio._sluice_columns DROP COLUMN mask; SELECT 1");
        await AuditRun.RequireAsync(
            Request(bench, "", Salt), await DestinationRegistry.OpenAsync(bench.DestinationUri, TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken);
        await IngestAsync(bench, "email:redact", "customers");
        await Assert.ThrowsAsync<SluiceException>(() => bench.IngestAsync(Request(bench, "", Salt, "customers")));
    }

    private static async Task<IngestHarness> StartAsync()
    {
        var bench = await IngestHarness.StartAsync(Options);
        await bench.ChangeAsync("""{"op":"add-person","id":"a","email":"a@clear.example","attributes":{"email":"a@clear.example","phone":"1"}}""");
        return bench;
    }

    private static object? InClear(IngestHarness bench) => bench.Scalar("SELECT count(*) FROM customerio.customers WHERE email LIKE '%@%'");

    private static async Task IngestAsync(IngestHarness bench, string masks, string tables = "customers,customer_attributes") =>
        Assert.Equal(ExitCode.Done, (await bench.IngestAsync(Request(bench, masks, Salt, tables))).ExitCode);

    private static async Task<AuditReport> AuditAsync(IngestHarness bench, IngestRequest request)
    {
        using var client = bench.Client();
        await using var destination = await DestinationRegistry.OpenAsync(bench.DestinationUri, TestContext.Current.CancellationToken);
        var aside = $"{bench.File}.audit.duckdb";
        File.Delete(aside);
        await using var scratch = await DestinationRegistry.OpenAsync($"duckdb:///{aside}", TestContext.Current.CancellationToken);
        return await new AuditRun(request, client, destination, scratch, TimeProvider.System).RunAsync(
            repair: true, TestContext.Current.CancellationToken);
    }

    private static IngestRequest Request(
        IngestHarness bench, string masks, string salt, string tables = "customers,customer_attributes", string? unmask = null)
    {
        var mistakes = new ValidationErrors();
        var words = new SettingWords().Say("--source-table", tables).Say(IngestSettings.MaskSalt, salt);
        words = masks.Length > 0 ? words.Say("--mask", masks) : words;
        words = unmask is null ? words : words.Say("--unmask", unmask);
        var request = IngestRequestReader.Read(words, "test", mistakes) with { WorkFolder = bench.WorkFolder };
        mistakes.ThrowIfAny();
        return request;
    }
}
