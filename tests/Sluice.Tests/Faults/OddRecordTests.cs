using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Faults;

/// <summary>One odd record among good ones: it is kept as it came, or named, and the good ones are exactly there.</summary>
public sealed class OddRecordTests
{
    [Theory]
    [InlineData("big-integer", "raw::VARCHAR", "9007199254740993")]
    [InlineData("big-integer", "raw_inside->>'n'", "9007199254740993")]
    [InlineData("huge-integer", "raw::VARCHAR", "9223372036854775808")]
    [InlineData("huge-integer", "raw_inside->>'n'", "123456789012345678901234567890")]
    [InlineData("large", "length(raw)::VARCHAR", "2097152")]
    [InlineData("deep", "length(raw::VARCHAR)::VARCHAR", "801")]
    [InlineData("nul", "replace(raw, chr(0), '<NUL>')", "left <NUL> right")]
    [InlineData("repeated-key", "raw", "last")]
    [InlineData("unknown-enum", "type", "telepathy")]
    public async Task An_odd_value_is_kept_as_it_came(string record, string expression, string expected)
    {
        await using var faults = await FaultHarness.StartAsync($"raw-record:{record}#2/v1/newsletters*");
        var report = await faults.IngestAsync("newsletters");
        var table = Assert.Single(report.Tables);
        Assert.True(table.Error is null, table.Error);
        Assert.Equal(231, table.Rows);
        Assert.Equal(expected, Assert.Single(faults.Bench.Query($"SELECT {expression} FROM customerio.newsletters WHERE id = 999000001"))[0]);
        AssertTheRest(faults, "newsletters", "id = 999000001");
    }

    [Theory]
    [InlineData("big-integer")]
    [InlineData("deep")]
    [InlineData("large")]
    [InlineData("nul")]
    [InlineData("lone-surrogate")]
    [InlineData("repeated-key")]
    [InlineData("too-deep")]
    [InlineData("unknown-enum")]
    public async Task An_odd_delivery_does_not_keep_the_others_away(string record)
    {
        await using var faults = await FaultHarness.StartAsync(5_000, $"raw-record:{record}/v1/messages*");
        var report = await faults.IngestAsync("messages", "customer_messages");
        Assert.All(report.Tables, table => Assert.True(table.Error is null, table.Error));
        Assert.Equal(1L, faults.Bench.Query($"SELECT count(*) FROM customerio.messages WHERE id = 'raw-{record}'")[0][0]);
        AssertTheRest(faults, "messages", $"id = 'raw-{record}'");
    }

    [Theory]
    [InlineData("deep")]
    [InlineData("large")]
    [InlineData("lone-surrogate")]
    [InlineData("nul")]
    [InlineData("too-deep")]
    public async Task An_odd_parent_does_not_keep_children_away(string record)
    {
        await using var faults = await FaultHarness.StartAsync($"raw-record:{record}/v1/campaigns");
        var report = await faults.IngestAsync("campaigns", "campaign_actions");
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.True(report.Tables[1].Error is null, report.Tables[1].Error);
        Assert.Contains("campaigns 999000001 is gone", Assert.Single(report.Tables[1].Skipped), StringComparison.Ordinal);
        faults.AssertExact("campaign_actions");
        AssertTheRest(faults, "campaigns", "id = 999000001");
    }

    [Fact]
    public async Task A_half_character_is_kept_as_it_was_sent_among_the_rejects()
    {
        await using var faults = await FaultHarness.StartAsync("raw-record:lone-surrogate#2/v1/newsletters*");
        var report = await faults.IngestAsync("newsletters");
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.Equal(2, report.Tables[0].Rejected);
        var rejects = faults.Bench.Query("SELECT column_name, raw_value FROM customerio._sluice_rejects ORDER BY column_name");
        Assert.Equal(["raw", "raw_inside"], rejects.Select(reject => reject[0]));
        Assert.All(rejects, reject => Assert.Contains("\\ud", (string)reject[1]!, StringComparison.OrdinalIgnoreCase));
        AssertTheRest(faults, "newsletters", "id = 999000001");
    }

    [Fact]
    public async Task A_value_of_more_levels_than_any_table_holds_goes_to_the_rejects_and_the_rest_is_there()
    {
        await using var faults = await FaultHarness.StartAsync("raw-record:too-deep#2/v1/newsletters*");
        var report = await faults.IngestAsync("newsletters");
        Assert.Equal((ExitCode.Partial, 0L), (report.ExitCode, report.Tables[0].Retries));
        var reject = Assert.Single(faults.Bench.Query("SELECT column_name, raw_value, record_key->>'id' FROM customerio._sluice_rejects"));
        Assert.Equal(("raw", "999000001"), (reject[0], reject[2]));
        Assert.Contains("deeper than 1000 levels", (string)reject[1]!, StringComparison.Ordinal);
        Assert.Equal("""{"t":1}""", faults.Bench.Query("SELECT raw_inside::VARCHAR FROM customerio.newsletters WHERE id = 999000001")[0][0]);
        AssertTheRest(faults, "newsletters", "id = 999000001");
    }

    [Fact]
    public async Task An_integer_that_does_not_fit_its_column_is_kept_as_a_reject()
    {
        await using var faults = await FaultHarness.StartAsync("raw-record:huge-integer#1/v1/newsletters*");
        var report = await faults.IngestAsync("newsletters");
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.Equal(1, report.Tables[0].Rejected);
        var reject = Assert.Single(faults.Bench.Query("SELECT column_name, raw_value, record_key->>'id' FROM customerio._sluice_rejects"));
        Assert.Equal(["updated", "9223372036854775808", "999000001"], reject);
        AssertTheRest(faults, "newsletters", "id = 999000001");
    }

    [Fact]
    public async Task Records_without_a_key_do_not_vanish()
    {
        await using var faults = await FaultHarness.StartAsync("raw-record:null-key/v1/newsletters*");
        var report = await faults.IngestAsync("newsletters");
        var table = Assert.Single(report.Tables);
        Assert.Equal((3L, 233L, 0L), (table.Pages, table.Rows, table.Doubled));
        Assert.Equal(3L, faults.Bench.Query("SELECT count(*) FROM customerio.newsletters WHERE id IS NULL")[0][0]);
        AssertTheRest(faults, "newsletters", "id IS NULL");
    }

    [Fact]
    public async Task A_person_without_a_cio_id_is_named_where_it_must_be_asked_for()
    {
        await using var faults = await FaultHarness.StartAsync("raw-record:null-key/v1/customers");
        var report = await faults.IngestAsync("customer_relationships");
        Assert.Equal(TableOutcome.Failed, Assert.Single(report.Tables).Outcome);
        Assert.Equal(ExitCode.Api, report.ExitCode);
        Assert.Contains("customers has no cio_id", report.Tables[0].Error, StringComparison.Ordinal);
        Assert.False(faults.HasTable("customer_relationships"));
    }

    [Fact]
    public async Task A_field_that_nobody_knew_becomes_a_column_and_is_told()
    {
        await using var faults = await FaultHarness.StartAsync("unknown-field/v1/*");
        var report = await faults.IngestAsync(FaultHarness.Paged);
        faults.AssertDone(report, FaultHarness.Paged);
        Assert.All(report.Tables, table => Assert.Equal("brand_new_field", Assert.Single(table.SchemaChanges).Column));
        Assert.Equal(230L, faults.Bench.Query("""SELECT count(*) FROM customerio.newsletters WHERE brand_new_field->>'a' = '1'""")[0][0]);
    }

    [Fact]
    public async Task A_value_of_another_type_is_kept_as_a_reject_and_makes_the_run_partial()
    {
        await using var faults = await FaultHarness.StartAsync("changed-type:updated#2/v1/newsletters*");
        var report = await faults.IngestAsync("newsletters");
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        var rejected = report.Tables[0].Rejected;
        Assert.InRange(rejected, 30, 100);
        var kept = faults.Bench.Query("SELECT record_key->>'id', raw_value->>'was' FROM customerio._sluice_rejects WHERE column_name = 'updated'")
            .ToDictionary(row => long.Parse((string)row[0]!, System.Globalization.CultureInfo.InvariantCulture), row => (string)row[1]!);
        Assert.Equal(rejected, kept.Count);
        foreach (var row in faults.World.Rows("newsletters").Where(row => kept.ContainsKey(row.GetProperty("id").GetInt64())))
        {
            Assert.Equal(row.GetProperty("updated").GetRawText(), kept[row.GetProperty("id").GetInt64()]);
            var restored =
                $"UPDATE customerio.newsletters SET updated = to_timestamp({row.GetProperty("updated").GetRawText()}) WHERE id = " +
                    $"{row.GetProperty("id").GetRawText()}";
            faults.Bench.Query(restored);
        }

        faults.AssertExact("newsletters");
    }

    private static void AssertTheRest(FaultHarness faults, string table, string odd)
    {
        faults.Bench.Query($"DELETE FROM customerio.{table} WHERE {odd}");
        faults.AssertExact(table);
    }
}
