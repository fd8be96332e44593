using System.Text.Json;
using Sluice.Cli.Output;
using Sluice.Engine.Config.Pipeline;

namespace Sluice.Cli.Pipelines;

/// <summary>Describes a pipeline file and its errors for programs.</summary>
internal static class PipelineJsonView
{
    public static string Write(string name, PipelineFile file) => JsonOutput.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("file", name);
        writer.WriteBoolean("ok", file.Mistakes.Count == 0);
        Write(writer, "mistakes", file.Mistakes);
        Write(writer, "warnings", file.Warnings);
        writer.WriteStartArray("syncs");
        foreach (var sync in file.Syncs)
        {
            Write(writer, sync);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }) + "\n";

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<PipelineMistake> mistakes)
    {
        writer.WriteStartArray(name);
        foreach (var mistake in mistakes)
        {
            writer.WriteStartObject();
            writer.WriteString("file", mistake.File);
            writer.WriteNumber("line", mistake.Line);
            writer.WriteNumber("column", mistake.Column);
            writer.WriteString("message", mistake.Message);
            if (mistake.Fix is { } fix)
            {
                writer.WriteString("fix", fix);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, PipelineSync sync)
    {
        writer.WriteStartObject();
        writer.WriteString("name", sync.Name);
        writer.WriteString("destination", sync.Destination.Name);
        writer.WriteString("combine", sync.Combine.ToString().ToLowerInvariant());
        if (sync.Schedule is { } schedule)
        {
            writer.WriteStartObject("schedule");
            writer.WriteString("cron", schedule.Cron);
            writer.WriteString("time_zone", schedule.TimeZone);
            writer.WriteEndObject();
        }

        writer.WriteStartArray("tables");
        foreach (var set in sync.Sets)
        {
            foreach (var table in set.Tables)
            {
                writer.WriteStartObject();
                writer.WriteString("source", table.Source.ToString());
                writer.WriteString("table", table.Place);
                writer.WriteStartArray("workspaces");
                foreach (var workspace in set.Workspaces)
                {
                    writer.WriteStringValue(workspace.Name);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
