using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Dashboard;

/// <summary>The schedule of a sync or push as it is typed into the browser.</summary>
/// <param name="Kind">daily, every, cron or manual.</param>
/// <param name="Value">The time of day, how long from one to the next, or the expression.</param>
/// <param name="Rules">Time zone and what becomes of times that can't be kept, by their keys; those that are empty are the usual ones.</param>
public sealed record ScheduleForm(string Kind, string Value, IReadOnlyDictionary<string, string> Rules)
{
    /// <summary>The kind of what runs only when somebody asks for it.</summary>
    public const string Manual = "manual";

    /// <summary>The kinds, in the order in which they are offered.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["daily", "every", "cron", Manual];

    private static readonly string[] RuleKeys = ["time_zone", "start", "missed", "missed_limit", "overlap", "retries"];

    /// <summary>The schedule as it stands in a pipeline.</summary>
    public static ScheduleForm Of(IReadOnlyDictionary<string, string> written)
    {
        ArgumentNullException.ThrowIfNull(written);
        if (written.TryGetValue("", out var brief))
        {
            return brief is Manual or "" ? new(Manual, "", written) : brief == "daily" ? new("daily", "06:00", written) : new("cron", brief, written);
        }

        var kind = Kinds.FirstOrDefault(written.ContainsKey) ?? Manual;
        return new(kind, written.GetValueOrDefault(kind, ""), written);
    }

    /// <summary>The schedule as a form has it.</summary>
    public static ScheduleForm Read(IFormCollection form)
    {
        ArgumentNullException.ThrowIfNull(form);
        var rules = RuleKeys.ToDictionary(key => key, key => form[key].ToString().Trim(), StringComparer.Ordinal);
        return new(form["kind"].ToString().Trim(), form["value"].ToString().Trim(), rules);
    }

    /// <summary>A rule as it was typed; empty for the usual one.</summary>
    public string Rule(string key) => Rules.GetValueOrDefault(key, "");

    /// <summary>The same in a line of YAML; what is wrong with it whoever reads it says.</summary>
    public string ToYaml()
    {
        if (Kind == Manual)
        {
            return Manual;
        }

        var rules = RuleKeys.Where(key => Rule(key).Length > 0).Select(key => $"{key}: {JsonSerializer.Serialize(Rule(key))}");
        return $"{{{Kind}: {JsonSerializer.Serialize(Value)}{string.Concat(rules.Select(rule => ", " + rule))}}}";
    }
}
