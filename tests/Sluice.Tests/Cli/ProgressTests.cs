using Microsoft.Extensions.Time.Testing;
using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Cli;

/// <summary>What is told while a run goes on.</summary>
public sealed class ProgressTests
{
    private static readonly OverdueAnswer Dead = new()
    {
        Endpoint = "GET /v1/campaigns",
        Server = "api.customer.io",
        Since = TimeSpan.FromSeconds(3),
        Attempt = 2,
        LastFailure = "connection refused",
    };

    [Fact]
    public void The_time_left_comes_from_counted_records_and_from_counted_parents()
    {
        Assert.Equal(TimeSpan.FromSeconds(9), (Table(rows: 100, perSecond: 100) with { Expected = 1_000 }).Left);
        Assert.Equal(TimeSpan.FromSeconds(30), (Table(rows: 100, perSecond: 100) with { ParentsLeft = 60, ParentsPerSecond = 2 }).Left);
        Assert.Null(Table(rows: 100, perSecond: 100).Left);
        Assert.Null((Table(rows: 100, perSecond: 0) with { Expected = 1_000 }).Left);
        Assert.Null((Table(rows: 1_001, perSecond: 10) with { Expected = 1_000 }).Left);
    }

    [Fact]
    public void All_together_need_as_long_as_the_slowest_and_what_is_over_counts_no_more()
    {
        TableSpeed[] tables =
        [
            Table(rows: 100, perSecond: 100) with { Expected = 1_000 },
            Table(rows: 100, perSecond: 10) with { Expected = 400 },
            Table(rows: 100, perSecond: 1) with { Expected = 9_000, Stage = TableStage.Failed },
            Table(rows: 5, perSecond: 1),
        ];

        Assert.Equal(TimeSpan.FromSeconds(30), RunMeter.Left(tables));
        Assert.Null(RunMeter.Left([]));
        Assert.Equal("1 of 4 tables, 305 records", PlainProgress.Totals(tables));
    }

    [Fact]
    public void A_live_table_shows_what_is_waited_for_with_its_reason_until_pages_come_again()
    {
        var (messages, time, printed) = Live();
        Assert.Null(messages.Waiting(7));

        messages.Overdue(Dead);
        Assert.Equal(
            "Waiting for api.customer.io: GET /v1/campaigns has no answer after 3 s, attempt 2; the one before: connection refused",
            messages.Waiting(7));
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Contains("no answer after 7 s", messages.Waiting(7), StringComparison.Ordinal);

        Assert.Null(messages.Waiting(8));
        Assert.Null(messages.Waiting(8));
        Assert.Empty(printed);
    }

    [Fact]
    public void What_nobody_speaks_of_any_more_is_not_waited_for()
    {
        var (messages, time, _) = Live();
        messages.Overdue(Dead);
        Assert.NotNull(messages.Waiting(7));

        time.Advance(TimeSpan.FromSeconds(21));

        Assert.Null(messages.Waiting(7));
    }

    [Fact]
    public void Without_a_live_table_it_is_printed()
    {
        using var text = new StringWriter();
        var messages = new Messages(text, json: false, debug: false, new FakeTimeProvider());

        messages.Overdue(Dead);

        Assert.StartsWith("Waiting for api.customer.io", text.ToString(), StringComparison.Ordinal);
        Assert.Null(messages.Waiting(0));
    }

    private static (Messages Messages, FakeTimeProvider Time, List<string> Printed) Live()
    {
        var (time, printed) = (new FakeTimeProvider(), new List<string>());
        return (new Messages(TextWriter.Null, json: false, debug: false, time) { Writer = printed.Add }, time, printed);
    }

    private static TableSpeed Table(long rows, double perSecond) => new("customers", TableStage.Reading, 3, rows, 3, perSecond);
}
