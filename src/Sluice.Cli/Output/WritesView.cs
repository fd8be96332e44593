using System.Text;
using System.Text.Json;
using Sluice.Engine;
using Sluice.Writes.Journal;

namespace Sluice.Cli.Output;

/// <summary>Shows journals.</summary>
internal static class WritesView
{
    private const int MostLines = 200;

    public static string List(IReadOnlyList<JournalState> journals, bool json)
    {
        if (json)
        {
            return JsonOutput.Write(writer =>
            {
                writer.WriteStartArray();
                foreach (var journal in journals)
                {
                    Fields(writer, journal, isWhole: false);
                }

                writer.WriteEndArray();
            }) + "\n";
        }

        if (journals.Count == 0)
        {
            return "Nothing was sent from this folder yet.\n";
        }

        var table = new TextTable("journal", "begun", "source", "into", ">taken", ">not taken", ">unknown", "state");
        foreach (var one in journals)
        {
            table.Add(
                one.Id,
                NumberFormat.Time(one.Began),
                one.Plan.Source,
                one.Plan.Target,
                NumberFormat.Count(one.TakenRows),
                NumberFormat.Count(Math.Max(one.RejectedRows, one.RefusedRows)),
                NumberFormat.Count(one.UnknownRows),
                one.IsComplete ? "finished" : "goes on");
        }

        return table.ToString();
    }

    public static string Show(JournalState journal, bool json)
    {
        if (json)
        {
            return JsonOutput.Write(writer => Fields(writer, journal, isWhole: true)) + "\n";
        }

        var text = new StringBuilder();
        text.Append(List([journal], json: false)).Append('\n');
        var lines = Lines(journal).ToList();
        foreach (var line in lines.Take(MostLines))
        {
            text.Append(VisibleText.Line(line)).Append('\n');
        }

        text.Append(
            lines.Count == 0 ? "Every request was taken as a whole.\n"
            : lines.Count > MostLines ? $"and {NumberFormat.Count(lines.Count - MostLines)} more; --json writes all\n"
            : "");
        return text.ToString();
    }

    private static IEnumerable<string> Lines(JournalState journal)
    {
        foreach (var one in journal.UnknownBatches)
        {
            yield return $"unknown  {What(one)}: {one.Reason ?? "no answer yet"}";
        }

        foreach (var one in journal.Batches.Where(one => one.Kind == "refused"))
        {
            yield return $"refused  {What(one)}: {one.Reason}";
        }

        foreach (var row in journal.Batches.SelectMany(one => one.Failed ?? []))
        {
            yield return journal.Plan.Workspace is null
                ? $"refused  line {row.Line}: {row.Field} {row.Reason}"
                : $"refused  {row.Field}: {row.Reason}";
        }
    }

    private static string What(JournalEntry entry) => entry.Call ?? $"rows {entry.FirstRow}-{entry.LastRow}";

    private static void Fields(Utf8JsonWriter writer, JournalState journal, bool isWhole)
    {
        writer.WriteStartObject();
        writer.WriteString("journal", journal.Id);
        writer.WriteString("begun", NumberFormat.Time(journal.Began));
        writer.WriteString("source", journal.Plan.Source);
        writer.WriteString("into", journal.Plan.Target);
        writer.WriteNumber("requests", journal.Batches.Count());
        writer.WriteNumber("taken", journal.TakenRows);
        writer.WriteNumber("not_taken", Math.Max(journal.RejectedRows, journal.RefusedRows));
        writer.WriteNumber("unknown", journal.UnknownRows);
        writer.WriteBoolean("finished", journal.IsComplete);
        if (isWhole)
        {
            writer.WriteStartArray("troubles");
            foreach (var line in Lines(journal))
            {
                writer.WriteStringValue(line);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
