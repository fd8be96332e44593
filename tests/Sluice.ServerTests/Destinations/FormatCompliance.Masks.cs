using Sluice.Engine;
using Sluice.Engine.Audit;
using Sluice.Engine.Catalog;
using Sluice.Engine.Masking;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

public abstract partial class FormatCompliance
{
    private const string Salt = "a salt that nobody knows";

    [Fact]
    public async Task What_is_masked_and_how_is_remembered()
    {
        var masked = Masked(Salt, new Mask("name", MaskMethod.Sha256));
        await Desk.LoadAsync(masked, LoadScenario.Plain, ["""{"id":1,"name":"a hash","new":"x"}"""]);
        await Desk.LoadAsync(masked, LoadScenario.Plain, ["""{"id":2,"name":"a hash"}"""]);
        await using (var destination = await Desk.OpenAsync())
        {
            var rows = await destination.SystemTables(Schema).ReadColumnsAsync(Cancel);
            Assert.Equal(("things", "name", "run 1"), rows.Where(row => row.Column.Mask is not null)
                .Select(row => (row.Table, row.Column.Field!, row.Column.RunId)).Single());
            Assert.Contains(rows, row => row.Column is { Field: "new", Mask: null });
            Assert.Matches("^sha256:[0-9a-f]{16}$", rows.Single(row => row.Column.Mask is not null).Column.Mask!);
        }

        await RefusesAsync(Masked(null), "nothing masks it now");
        await RefusesAsync(Masked("another", new Mask("NAME", MaskMethod.Sha256)), "another salt");
        await RefusesAsync(Masked(null, new Mask("name", MaskMethod.Sha256)), "another salt or none");
        await RefusesAsync(Masked(Salt, new Mask("name", MaskMethod.Redact)), "now by redact");
        await TakesAsync(Masked(Salt, new Mask("Name", MaskMethod.Sha256)));
        await TakesAsync(Unmasked());
        await Desk.LoadAsync(Unmasked(), LoadScenario.Plain, ["""{"id":3,"name":"clear"}"""]);
        await TakesAsync(Masked(null));
        await Desk.LoadAsync(Masked(Salt, new Mask("name", MaskMethod.Redact)), LoadScenario.Plain, ["""{"id":3,"name":"***"}"""]);
        await RefusesAsync(Masked(null), "nothing masks it now");
        Assert.Equal(3, (await Desk.LinesAsync()).Count);
    }

    private static TableJob Masked(string? salt, params Mask[] masks)
    {
        var job = Job(Named, Strategy.Merge);
        return job with { Settings = job.Settings with { Masks = new MaskSet(masks, salt is null ? null : new MaskSalt(salt)) } };
    }

    private static TableJob Unmasked()
    {
        var job = Job(Named, Strategy.Merge);
        return job with { Settings = job.Settings with { Unmask = ["name"] } };
    }

    private async Task RefusesAsync(TableJob job, string words)
    {
        var error = await Assert.ThrowsAsync<SluiceException>(() => TakesAsync(job));
        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains("crm.things", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("--unmask name", error.Hint, StringComparison.Ordinal);
    }

    private async Task TakesAsync(TableJob job)
    {
        await using var destination = await Desk.OpenAsync();
        await AuditRun.RequireAsync(new IngestRequest { Tables = [job], PairId = "test" }, destination, Cancel);
    }
}
