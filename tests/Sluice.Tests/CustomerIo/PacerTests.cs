using Sluice.CustomerIo.RateLimit;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class PacerTests
{
    private const long Ms = TimeSpan.TicksPerMillisecond;
    private const long Second = TimeSpan.TicksPerSecond;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(100)]
    public void No_second_holds_more_than_the_limit_however_late_the_callers_are(int rate)
    {
        for (int seed = 0; seed < 100; seed++)
        {
            List<long> arrivals = Simulate(rate, new Random(seed), starts: rate * 20, Lateness, Idleness);
            Assert.True(MostInASecond(arrivals) <= rate, $"seed {seed}");
        }

        static long Lateness(Random random) => random.Next(20) switch { 0 => random.Next(700), < 4 => random.Next(60), _ => random.Next(3) } * Ms;
        static long Idleness(Random random) => random.Next(30) == 0 ? random.Next(3000) * Ms : 0;
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(100)]
    public void A_busy_budget_is_used_to_97_percent_although_timers_are_late(int rate)
    {
        List<long> arrivals = Simulate(rate, new Random(7), starts: rate * 100, random => random.Next(10) * Ms, _ => 0);
        double seconds = (arrivals[^1] - arrivals[rate * 2]) / (double)Second;
        double used = (arrivals.Count - 1 - (rate * 2)) / seconds / rate;
        Assert.True(used >= 0.97, $"{used:P2}");
    }

    [Fact]
    public void The_first_starts_are_spread_and_not_a_burst()
    {
        var pacer = new Pacer(10);
        long previous = Begin(pacer, 0, 0);
        for (int i = 1; i < 10; i++)
        {
            long next = Begin(pacer, 0, previous);
            Assert.Equal(pacer.Spacing, next - previous);
            previous = next;
        }
    }

    [Fact]
    public void After_idleness_there_is_no_burst_either()
    {
        var pacer = new Pacer(10);
        Begin(pacer, 0, 0);
        long first = Begin(pacer, 30 * Second, 30 * Second);
        long second = Begin(pacer, 30 * Second, first);
        Assert.Equal(30 * Second, first);
        Assert.Equal(pacer.Spacing, second - first);
    }

    [Fact]
    public void A_late_start_is_caught_up_but_with_half_the_usual_gap_at_least()
    {
        var pacer = new Pacer(10);
        pacer.Begin(0, 0);
        long late = pacer.Spacing + (90 * Ms);
        pacer.Begin(0, late);
        Assert.Equal(late + (pacer.Spacing / 2), pacer.Due(0));
    }

    [Fact]
    public void The_first_starts_of_a_cold_client_hold_their_place_longer()
    {
        var pacer = new Pacer(1);
        pacer.Begin(0, 0);
        Assert.Equal(pacer.Window + (200 * Ms), pacer.Due(0));
    }

    [Fact]
    public void After_a_minute_of_idleness_a_client_is_cold_again()
    {
        var pacer = new Pacer(1);
        pacer.Begin(0, 0);
        pacer.Begin(0, 2 * Second);
        Assert.Equal((2 * Second) + pacer.Window, pacer.Due(0));
        pacer.Begin(70 * Second, 70 * Second);
        Assert.Equal((70 * Second) + pacer.Window + (200 * Ms), pacer.Due(0));
    }

    [Fact]
    public void A_cold_start_counts_from_its_answer()
    {
        var pacer = new Pacer(1);
        long start = pacer.Begin(0, 0);
        pacer.Sent(start, 1 * Ms);
        Assert.Equal(pacer.Window + (2 * Second), pacer.Due(0));
        pacer.Answered(start, 700 * Ms);
        Assert.Equal(pacer.Window + (700 * Ms), pacer.Due(0));
    }

    [Fact]
    public void A_request_that_opens_a_connection_counts_from_its_answer()
    {
        Pacer pacer = Warm(out long now);
        long start = pacer.Begin(0, now);
        pacer.Connecting(start);
        pacer.Sent(start, now);
        pacer.Answered(start, now + (300 * Ms));
        Assert.Equal(now + (300 * Ms) + pacer.Window, pacer.Due(0));
        pacer.Connecting(start);
        Assert.Equal(now + (300 * Ms) + pacer.Window, pacer.Due(0));
    }

    [Fact]
    public void A_thread_held_up_before_sending_moves_its_start()
    {
        Pacer pacer = Warm(out long now);
        long start = pacer.Begin(0, now);
        pacer.Sent(start, now + (60 * Ms));
        Assert.Equal(now + (60 * Ms) + pacer.Window, pacer.Due(0));
    }

    [Fact]
    public void After_a_slow_down_starts_go_on_at_the_normal_pace()
    {
        var pacer = new Pacer(10);
        long now = Begin(pacer, 0, 0);
        pacer.SlowDown(now, 30 * Second);
        pacer.SlowDown(now, 5 * Second);
        long previous = Begin(pacer, 0, now);
        Assert.Equal(now + (30 * Second), previous);
        for (int i = 0; i < 12; i++)
        {
            long next = Begin(pacer, 0, previous);
            Assert.True(next - previous >= pacer.Spacing);
            previous = next;
        }
    }

    [Theory]
    [InlineData(0.1, 10)]
    [InlineData(0.5, 2)]
    [InlineData(2.5, 0.4)]
    public void Below_one_a_second_and_between_whole_numbers_the_window_grows(double rate, double spacing)
    {
        var pacer = new Pacer(rate);
        long now = Begin(pacer, 0, 0);
        for (int i = 0; i < 20; i++)
        {
            long next = Begin(pacer, 0, now);
            Assert.True(next - now >= spacing * Second);
            now = next;
        }
    }

    private static Pacer Warm(out long now)
    {
        var pacer = new Pacer(1);
        pacer.Begin(0, 0);
        now = pacer.Due(0);
        return pacer;
    }

    private static long Begin(Pacer pacer, long readyAt, long now)
    {
        long due = Math.Max(now, pacer.Due(readyAt));
        pacer.Begin(readyAt, due);
        return due;
    }

    private static List<long> Simulate(int rate, Random random, int starts, Func<Random, long> lateness, Func<Random, long> idleness)
    {
        var pacer = new Pacer(rate);
        var arrivals = new List<long>();
        long now = 0;
        for (int i = 0; i < starts; i++)
        {
            long readyAt = now + idleness(random);
            now = Math.Max(readyAt, pacer.Due(readyAt)) + lateness(random);
            pacer.Begin(readyAt, now);
            arrivals.Add(now);
        }

        return arrivals;
    }

    private static int MostInASecond(List<long> arrivals)
    {
        int most = 0;
        for (int last = 0, first = 0; last < arrivals.Count; last++)
        {
            while (arrivals[last] - arrivals[first] >= Second)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }
}
