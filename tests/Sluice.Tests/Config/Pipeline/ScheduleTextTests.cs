using Sluice.Settings.Pipelines;
using Xunit;

namespace Sluice.Tests.Config.Pipeline;

public sealed class ScheduleTextTests
{
    private const string New = "{daily: \"07:30\"}";

    [Theory]
    [InlineData("syncs:\n  one: {schedule: daily, tables: [campaigns]} # mine\n", "syncs:\n  one: {schedule: NEW, tables: [campaigns]} # mine\n")]
    [InlineData("syncs:\n  one: {tables: [campaigns]}\n", "syncs:\n  one: {schedule: NEW, tables: [campaigns]}\n")]
    [InlineData("syncs: {one: {}}\n", "syncs: {one: {schedule: NEW}}\n")]
    [InlineData("syncs:\n  one:\n    # what\n    tables: [campaigns]\n", "syncs:\n  one:\n    # what\n    schedule: NEW\n    tables: [campaigns]\n")]
    [InlineData(
        "syncs:\n  two: {schedule: manual}\n  one:\n    schedule:\n      every: 4h\n      start: \"00:10\"\n\n    # of old\n    tables: [a]\n",
        "syncs:\n  two: {schedule: manual}\n  one:\n    schedule:\n      NEW\n\n    # of old\n    tables: [a]\n")]
    [InlineData("syncs:\n  one:\n    tables: [a]\n    schedule: \"0 6 * * *\"", "syncs:\n  one:\n    tables: [a]\n    schedule: NEW")]
    [InlineData("syncs:\r\n  one:\r\n    schedule: manual\r\n    tables: [ä]\r\n", "syncs:\r\n  one:\r\n    schedule: NEW\r\n    tables: [ä]\r\n")]
    [InlineData(
        "syncs: {one: {schedule: {cron: \"0 6 * * *\", # }\n  retries: 2, }, tables: [a]}}", "syncs: {one: {schedule: NEW, tables: [a]}}")]
    [InlineData("# 🎉 ä\nsyncs: {one: {schedule: manual}}", "# 🎉 ä\nsyncs: {one: {schedule: NEW}}")]
    public void Only_the_schedule_is_another_one(string before, string after)
    {
        var changed = ScheduleText.With(before, PipelineSection.Syncs, "one", New);
        Assert.Equal(after.Replace("NEW", New, StringComparison.Ordinal), changed);
        Assert.Equal("07:30", Assert.Single(ScheduleText.Read(changed!, PipelineSection.Syncs, "one"), pair => pair.Key == "daily").Value);
    }

    [Theory]
    [InlineData("syncs:\n  two: &all {schedule: &when manual}\n  one: *all\n")]
    [InlineData("syncs:\n  two: {schedule: &when manual}\n  one: {schedule: *when}\n")]
    [InlineData("syncs:\n  one: {schedule: &when manual}\n  two: {schedule: *when}\n")]
    [InlineData("syncs: [one]\n")]
    [InlineData("syncs: {two: {}}\n")]
    [InlineData("syncs: {one:}\n")]
    [InlineData("syncs: {one: &all {tables: [a]}}\n")]
    [InlineData("syncs: {one: {schedule\n")]
    [InlineData("")]
    public void What_others_share_and_what_is_no_mapping_is_left_to_whoever_edits_the_text(string text) =>
        Assert.Null(ScheduleText.With(text, PipelineSection.Syncs, "one", New));

    [Fact]
    public void A_push_has_its_own()
    {
        const string Text = "syncs: {one: {schedule: daily}}\npushes: {one: {schedule: {every: 30m, retries: 2}}}\n";
        Assert.Equal(
            new Dictionary<string, string> { ["every"] = "30m", ["retries"] = "2" }, ScheduleText.Read(Text, PipelineSection.Pushes, "one"));
        Assert.Equal(
            "syncs: {one: {schedule: daily}}\npushes: {one: {schedule: manual}}\n",
            ScheduleText.With(Text, PipelineSection.Pushes, "one", "manual"));
    }
}
