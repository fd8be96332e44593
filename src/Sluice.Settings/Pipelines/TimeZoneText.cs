using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings.Pipelines;

/// <summary>Checks the name of a time zone.</summary>
internal static class TimeZoneText
{
    public static void Check(string name, string text, Mistakes mistakes)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(text, out _))
        {
            mistakes.Add(
                $"{name}: this system knows no time zone '{text}'.",
                Suggestion.For(text, TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id)) ?? "Use a name of the IANA database, as Europe/Berlin, America/Los_Angeles or UTC.");
        }
    }
}
