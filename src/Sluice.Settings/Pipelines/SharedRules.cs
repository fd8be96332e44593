using Sluice.Engine;

namespace Sluice.Settings.Pipelines;

/// <summary>Checks what keys of one mapping say together: the ends of an interval, two ways to say one thing.</summary>
internal sealed class SharedRules(PipelineErrors mistakes)
{
    /// <summary>The keys that say how a table is read and written; one of them makes its rules its own.</summary>
    public static readonly string[] Names =
    [
        "mode",
        "full_refresh",
        "interval_start",
        "interval_end",
        "look_back",
        "cutoff_days",
        "limit",
        "schema_contract",
        "deletes",
        "mask",
        "columns",
    ];

    /// <summary>Checks a mapping that adds something to what another one says.</summary>
    public void Check(Section section, Section otherwise)
    {
        if (section.Has("interval_start") || section.Has("interval_end"))
        {
            var found = new ValidationErrors();
            IntervalText.Read(
                section.Text("interval_start") ?? otherwise.Text("interval_start"),
                section.Text("interval_end") ?? otherwise.Text("interval_end"),
                found);
            mistakes.Take(found, _ => section.PlaceOf(section.Has("interval_start") ? "interval_start" : "interval_end"));
        }

        var backs = new ValidationErrors();
        LookBackText.Read(section.Text("look_back"), section.Text("cutoff_days"), backs);
        mistakes.Take(backs, _ => section.PlaceOf("look_back"));
    }
}
