using System.Globalization;
using System.Text.Json.Serialization;

namespace Sluice.Engine.Runs;

/// <summary>Who runs, for those who have to wait: never more of the command line than the tables, because arguments may hold keys.</summary>
/// <param name="Program">The command and its tables.</param>
/// <param name="Pid">The process's id on its host.</param>
/// <param name="User">Who started it.</param>
/// <param name="Host">The machine, since a work folder may be shared.</param>
/// <param name="Since">When it began.</param>
public sealed record LockOwner(string Program, int Pid, string User, string Host, DateTimeOffset Since)
{
    private const int TablesNamed = 3;

    /// <summary>The program and where it runs, as a part of a sentence.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Program} (process {Pid}, user {User}, host {Host})");

    internal static LockOwner OfThisProcess(IngestRequest request, TimeProvider time)
    {
        var names = request.Tables.Select(job => job.Source.ToString()).ToList();
        var more = names.Count > TablesNamed ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - TablesNamed} more") : "";
        return new LockOwner(
            $"sluice ingest {string.Join(',', names.Take(TablesNamed))}{more}",
            Environment.ProcessId,
            Environment.UserName,
            Environment.MachineName,
            time.GetUtcNow());
    }

    internal string SinceWhen(TimeProvider time)
    {
        // The clock of another host may be ahead of ours.
        var age = time.GetUtcNow() - Since;
        var local = TimeZoneInfo.ConvertTime(Since, time.LocalTimeZone);
        return local.ToString(age < TimeSpan.FromHours(20) ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + ", " + Ago(age);
    }

    private static string Ago(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => "less than a minute ago",
        { TotalHours: < 2 } => Count((long)age.TotalMinutes, "minute"),
        { TotalDays: < 2 } => Count((long)age.TotalHours, "hour"),
        _ => Count((long)age.TotalDays, "day"),
    };

    private static string Count(long number, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {unit}{(number == 1 ? "" : "s")} ago");
}

[JsonSerializable(typeof(LockOwner))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
internal sealed partial class RunHolderJson : JsonSerializerContext;
