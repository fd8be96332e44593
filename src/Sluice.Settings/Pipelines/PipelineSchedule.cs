namespace Sluice.Settings.Pipelines;

/// <summary>When a sync is to be run, for a scheduler to read.</summary>
/// <param name="Cron">Minute, hour, day of the month, month and day of the week.</param>
/// <param name="TimeZone">The name of a time zone in the IANA database.</param>
public sealed record PipelineSchedule(string Cron, string TimeZone);
