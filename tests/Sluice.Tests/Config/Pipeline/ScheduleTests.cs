using System.Globalization;
using Sluice.Settings.Pipelines;
using Xunit;

namespace Sluice.Tests.Config.Pipeline;

/// <summary>When syncs are due, as the file says it.</summary>
public sealed class ScheduleTests
{
    [Theory]
    [InlineData("daily", "0 6 * * *", "America/Los_Angeles")]
    [InlineData("\"30 4 * * *\"", "30 4 * * *", "UTC")]
    [InlineData("{daily: \"07:15\"}", "15 7 * * *", "America/Los_Angeles")]
    [InlineData("{daily: 7, time_zone: Europe/Berlin}", "0 7 * * *", "Europe/Berlin")]
    [InlineData("{every: 5m}", "*/5 * * * *", "UTC")]
    [InlineData("{every: 30m, start: \"00:10\"}", "10-59/30 * * * *", "UTC")]
    [InlineData("{every: 1h, start: \"05:20\", time_zone: Asia/Kolkata}", "20 * * * *", "Asia/Kolkata")]
    [InlineData("{every: 6h, start: \"07:30\"}", "30 1,7,13,19 * * *", "UTC")]
    [InlineData("{every: 24h, start: \"06:00\"}", "0 6 * * *", "UTC")]
    public void A_schedule_in_words_becomes_a_cron_expression_in_a_zone(string yaml, string cron, string zone)
    {
        var schedule = Of(yaml)!;

        Assert.Equal((cron, zone), (schedule.Cron, schedule.TimeZone));
        Assert.Equal((MissedRuns.Once, Overlap.Skip, 3), (schedule.Missed, schedule.Overlap, schedule.Retries));
    }

    [Fact]
    public void A_schedule_says_what_becomes_of_times_at_which_it_cannot_run()
    {
        var schedule = Of("{every: 24h, missed: none, missed_limit: 90m, overlap: queue, retries: 0}")!;

        Assert.Equal(
            (MissedRuns.None, TimeSpan.FromMinutes(90), Overlap.Queue, 0),
            (schedule.Missed, schedule.MissedLimit, schedule.Overlap, schedule.Retries));
    }

    [Fact]
    public void Manual_is_no_schedule() => Assert.Null(Of("manual"));

    [Theory]
    [InlineData("\"0 0 31 2 *\"", "'0 0 31 2 *' is never due")]
    [InlineData("{cron: \"0 0 30 2 *\"}", "'0 0 30 2 *' is never due")]
    [InlineData("{every: 7m}", "every can't be 7m")]
    [InlineData("{every: 90m}", "every can't be 90m")]
    [InlineData("{every: 4m}", "every can't be 4m")]
    [InlineData("{every: 48h}", "every can't be 48h")]
    [InlineData("{daily: 25}", "daily is no time of day: '25'")]
    [InlineData("{daily: 6, every: 1h}", "A schedule has one of cron, daily, every.")]
    [InlineData("{daily: 6, start: 7}", "start belongs to every.")]
    [InlineData("{daily: 6, missed: all}", "missed can't be 'all'")]
    [InlineData("{daily: 6, missed_limit: long}", "missed_limit is no length of time: 'long'")]
    [InlineData("{daily: 6, overlap: cancel}", "overlap can't be 'cancel'")]
    [InlineData("{daily: 6, retries: 11}", "retries must be a whole number from 0 to 10")]
    [InlineData("often", "schedule has 1 fields instead of 5")]
    public void A_schedule_that_means_nothing_is_refused(string yaml, string message) =>
        Assert.Contains(message, PipelineBench.Words(PipelineBench.Read(Text(yaml))), StringComparison.Ordinal);

    // 14 March 2027 has no 02:00 to 03:00 in Los Angeles, 7 November 2027 has 01:00 to 02:00 twice.
    [Theory]
    [InlineData("{daily: 6}", "2027-03-13T14:00Z 2027-03-14T13:00Z 2027-03-15T13:00Z")]
    [InlineData("{daily: \"02:30\"}", "2027-03-13T10:30Z 2027-03-14T10:00Z 2027-03-15T09:30Z")]
    [InlineData("{every: 6h, time_zone: America/Los_Angeles}", "2027-03-13T08:00Z 2027-03-13T14:00Z 2027-03-13T20:00Z 2027-03-14T02:00Z "
        + "2027-03-14T08:00Z 2027-03-14T13:00Z 2027-03-14T19:00Z 2027-03-15T01:00Z 2027-03-15T07:00Z")]
    public void The_night_that_skips_an_hour_leaves_none_out(string yaml, string expected) =>
        Assert.StartsWith(expected, Times(yaml, "2027-03-13T08:00Z", "2027-03-16T08:00Z"), StringComparison.Ordinal);

    [Theory]
    [InlineData("{daily: 6}", "2027-11-06T13:00Z 2027-11-07T14:00Z 2027-11-08T14:00Z")]
    [InlineData("{daily: \"01:30\"}", "2027-11-06T08:30Z 2027-11-07T08:30Z 2027-11-08T09:30Z")]
    public void The_night_that_repeats_an_hour_has_a_fixed_time_once(string yaml, string expected) =>
        Assert.Equal(expected, Times(yaml, "2027-11-06T07:00Z", "2027-11-09T07:00Z"));

    [Theory]
    [InlineData("2027-03-14T08:00Z", "2027-03-15T07:00Z", 46)]
    [InlineData("2027-11-07T07:00Z", "2027-11-08T08:00Z", 50)]
    public void Both_nights_on_which_clocks_change_have_each_due_time_once(string from, string to, int count)
    {
        var schedule = Of("{every: 30m, time_zone: America/Los_Angeles}")!;
        var times = schedule.Upcoming(Instant(from).AddSeconds(-1)).TakeWhile(due => due < Instant(to)).ToList();

        Assert.Equal(count, times.Count);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.Equal(TimeSpan.FromMinutes(30), pair.Second - pair.First));
    }

    [Fact]
    public void A_zone_of_half_an_hour_is_reckoned_with() =>
        Assert.Equal("2027-05-01T00:30Z 2027-05-02T00:30Z", Times("{daily: 6, time_zone: Asia/Kolkata}", "2027-05-01T00:00Z", "2027-05-03T00:00Z"));

    [Fact]
    public void When_both_days_are_restricted_either_counts() =>
        Assert.Equal(
            "2027-08-06T00:00Z 2027-08-13T00:00Z 2027-08-15T00:00Z 2027-08-20T00:00Z",
            Times("\"0 0 15 8 FRI\"", "2027-08-01T00:00Z", "2027-08-21T00:00Z"));

    [Fact]
    public void Times_are_given_in_the_zone_of_the_schedule() =>
        Assert.Equal(TimeSpan.FromHours(-8), Of("daily")!.Next(Instant("2027-01-01T00:00Z"))!.Value.Offset);

    private static string Times(string yaml, string from, string to) => string.Join(
        ' ',
        Of(yaml)!.Upcoming(Instant(from).AddSeconds(-1)).TakeWhile(due => due < Instant(to))
            .Select(due => due.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture)));

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static PipelineSchedule? Of(string yaml) => PipelineBench.Sync($"    schedule: {yaml}\n    tables: campaigns").Schedule;

    private static string Text(string yaml) => $"{PipelineBench.Head}  a:\n    schedule: {yaml}\n    tables: campaigns\n";
}
