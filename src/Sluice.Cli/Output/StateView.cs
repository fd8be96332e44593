using Sluice.Engine.State;

namespace Sluice.Cli.Output;

/// <summary>Tells how far tables are.</summary>
internal static class StateView
{
    public static string Write(IReadOnlyList<TableState> states, bool json) =>
        json ? Json(states) + "\n" : states.Count == 0 ? "Nothing is remembered: the next run reads everything.\n" : Text(states);

    private static string Text(IReadOnlyList<TableState> states)
    {
        var table = new TextTable("table", "source", "read until", ">parents", "by run");
        foreach (var state in states)
        {
            table.Add(state.Table, state.Source, Figures.Time(state.Until), state.Parents.Count == 0 ? "" : Figures.Count(state.Parents.Count), state.RunId ?? "set by hand");
        }

        return table.ToString();
    }

    private static string Json(IReadOnlyList<TableState> states) => JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var state in states)
        {
            writer.WriteStartObject();
            writer.WriteString("table", state.Table);
            writer.WriteString("source", state.Source);
            writer.WriteString("read_until", Figures.Time(state.Until));
            writer.WriteString("run_id", state.RunId);
            writer.WriteStartObject("parents");
            foreach (var (parent, until) in state.Parents.OrderBy(parent => parent.Key, StringComparer.Ordinal))
            {
                writer.WriteString(parent, Figures.Time(until));
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
