using System.Globalization;
using Sluice.Engine;
using Sluice.Settings.Pipelines.Shapes;

namespace Sluice.Settings.Pipelines;

/// <summary>The keys of a schedule, and what they mean.</summary>
internal static class ScheduleKeys
{
    public const string Daily = "daily";
    public const string Manual = "manual";

    private const string MorningHour = "06:00";
    private const string MorningZone = "America/Los_Angeles";
    private const string Utc = "UTC";

    private static readonly string[] Kinds = ["cron", Daily, "every"];

    public static ValueShape Shape { get; } = new EitherShape(
        new TextShape { Look = CheckBrief }, new SectionShape(All) { Needed = [["cron"], [Daily], ["every"]] });

    public static IReadOnlyList<Setting> All => [.. Times, .. Rules];

    private static IEnumerable<Setting> Times =>
    [
        new("cron", new TextShape { Look = CronText.Check })
        {
            Doc = "Minute, hour, day of the month, month and day of the week; when both days are restricted, either counts.",
            Example = "cron: \"0 6 * * *\"",
        },
        new(Daily, new TextShape { Look = (key, text, mistakes) => ReadClock(key, text, mistakes) })
        {
            Doc = "The time of every day; its zone is America/Los_Angeles if none is given.",
            Example = "daily: \"06:00\"",
        },
        new("every", new TextShape { Look = (key, text, mistakes) => ReadStep(key, text, mistakes) })
        {
            Doc = "How long from one to the next: 5 minutes to 24 hours, a part of an hour or of a day without rest.",
            Example = "every: 30m",
        },
        new("start", new TextShape { Look = (key, text, mistakes) => ReadClock(key, text, mistakes) })
        {
            Doc = "The time of day that every counts from; midnight by default.",
            Example = "start: \"00:10\"",
        },
        new("time_zone", new TextShape { Look = TimeZoneText.Check })
        {
            Doc = "The time zone by its IANA name; UTC by default.",
            Example = "time_zone: America/Los_Angeles",
        },
    ];

    private static IEnumerable<Setting> Rules =>
    [
        new("missed", new WordShape([.. Takes.Words<MissedRuns>().Keys]))
        {
            Doc = "What becomes of due times while no server ran: one run for all of them (the default), or none.",
            Example = "missed: once",
        },
        new("missed_limit", new TextShape { Look = (key, text, mistakes) => DurationText.Read(key, text, mistakes) })
        {
            Doc = "How old a missed time may be to be made up for; 24h by default.",
            Example = "missed_limit: 12h",
        },
        new("overlap", new WordShape([.. Takes.Words<Overlap>().Keys]))
        {
            Doc = "What becomes of a due time while the run before it is at work: it is skipped (the default), or waits in the queue.",
            Example = "overlap: skip",
        },
        new("retries", new NumberShape(0, 10))
        {
            Doc = "How often a run is tried again that failed for a reason that may pass, after 1, 5, 25 and then every 60 minutes; 3 by default.",
            Example = "retries: 3",
        },
    ];

    /// <summary>Gives the schedule of a sync or a push; null when it runs by hand alone, or when something is wrong, which is noted.</summary>
    public static PipelineSchedule? Read(Section owner, PipelineErrors mistakes)
    {
        if (owner.Below("schedule") is { } full)
        {
            return Kinds.Where(full.Has).ToList() is [var _, var second, ..]
                ? Note(mistakes, full, second, $"A schedule has one of {string.Join(", ", Kinds)}.")
                : CronOf(full, mistakes) is { } cron ? With(full, cron, full.Text("time_zone") ?? ZoneOf(full), mistakes)
                : null;
        }

        return owner.Text("schedule") switch
        {
            null or Manual => null,
            Daily => new PipelineSchedule(DailyCron(new ValidationErrors(), "", MorningHour)!, MorningZone),
            var brief => Checked(new PipelineSchedule(brief, Utc), owner, mistakes),
        };
    }

    private static void CheckBrief(SettingKey key, string text, ValidationErrors mistakes)
    {
        if (text is not (Daily or Manual))
        {
            CronText.Check(key, text, mistakes);
        }
    }

    private static string ZoneOf(Section full) => full.Has(Daily) ? MorningZone : Utc;

    private static string? CronOf(Section full, PipelineErrors mistakes)
    {
        var found = new ValidationErrors();
        var cron = full.Text("cron")
            ?? (full.Text(Daily) is { } clock ? DailyCron(found, Daily, clock) : null)
            ?? (full.Text("every") is { } every ? StepCron(found, every, full.Text("start") ?? "00:00") : null);
        mistakes.Take(found, _ => full.Place);
        if (full.Has("start") && !full.Has("every"))
        {
            mistakes.Add(full.PlaceOf("start"), "start belongs to every.", "Leave it out, or write every: in place of the other.");
        }

        return cron;
    }

    private static PipelineSchedule? With(Section full, string cron, string zone, PipelineErrors mistakes)
    {
        var defaults = new PipelineSchedule(cron, zone);
        return Checked(
            defaults with
            {
                Missed = full.Text("missed") is { } missed ? Takes.Words<MissedRuns>()[missed] : defaults.Missed,
                MissedLimit = DurationText.Read("missed_limit", full.Text("missed_limit"), new ValidationErrors()) ?? defaults.MissedLimit,
                Overlap = full.Text("overlap") is { } overlap ? Takes.Words<Overlap>()[overlap] : defaults.Overlap,
                Retries = full.Text("retries") is { } retries ? (int)new NumberShape(0, 10).Read(retries)! : defaults.Retries,
            },
            full,
            mistakes);
    }

    // 31 February is well formed, and never comes.
    private static PipelineSchedule? Checked(PipelineSchedule schedule, Section owner, PipelineErrors mistakes) =>
        schedule.Next(DateTimeOffset.UnixEpoch.AddYears(56)) is not null
            ? schedule
            : Note(mistakes, owner, owner.Has("schedule") ? "schedule" : "cron", $"'{schedule.Cron}' is never due: there is no such day.");

    private static PipelineSchedule? Note(PipelineErrors mistakes, Section section, string key, string problem)
    {
        mistakes.Add(section.PlaceOf(key), problem, "Write for example: schedule: {daily: \"06:00\", time_zone: Europe/Berlin}");
        return null;
    }

    private static string? DailyCron(ValidationErrors mistakes, SettingKey key, string clock) =>
        ReadClock(key, clock, mistakes) is { } time ? FormattableString.Invariant($"{time.Minute} {time.Hour} * * *") : null;

    private static string? StepCron(ValidationErrors mistakes, string every, string start)
    {
        if (ReadStep("every", every, mistakes) is not { } step || ReadClock("start", start, mistakes) is not { } from)
        {
            return null;
        }

        var minutes = (int)step.TotalMinutes;
        return minutes < 60 ? FormattableString.Invariant($"{Minutes(from.Minute % minutes, minutes)} * * * *")
            : minutes == 60 ? FormattableString.Invariant($"{from.Minute} * * * *")
            : FormattableString.Invariant($"{from.Minute} {Hours(from.Hour, minutes / 60)} * * *");
    }

    private static string Minutes(int first, int step) =>
        first == 0 ? FormattableString.Invariant($"*/{step}") : FormattableString.Invariant($"{first}-59/{step}");

    // One by one: a step would count the repeated hour of autumn twice.
    private static string Hours(int from, int step) =>
        string.Join(',', Enumerable.Range(0, 24 / step).Select(hour => (hour * step) + (from % step)));

    private static TimeSpan? ReadStep(SettingKey key, string text, ValidationErrors mistakes)
    {
        if (DurationText.Read(key, text, mistakes) is not { } step)
        {
            return null;
        }

        var minutes = step.TotalMinutes;
        if (minutes is >= 5 and <= 1440 && (minutes < 60 ? 60 % minutes == 0 : minutes % 60 == 0 && 1440 % minutes == 0))
        {
            return step;
        }

        mistakes.Add(
            key,
            $"{key} can't be {text}: it must go into an hour or a day without a rest.",
            "Write 5m, 6m, 10m, 12m, 15m, 20m, 30m, 1h, 2h, 3h, 4h, 6h, 8h, 12h or 24h, or a cron expression.");
        return null;
    }

    private static TimeOnly? ReadClock(SettingKey key, string text, ValidationErrors mistakes)
    {
        string[] formats = ["HH:mm", "H:mm", "%H"];
        if (TimeOnly.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time;
        }

        mistakes.Add(key, $"{key} is no time of day: '{text}'.", "Write it as 06:00 or 18:30.");
        return null;
    }
}
