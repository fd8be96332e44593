using Sluice.Cli.Output;
using Sluice.Cli.Commands;

namespace Sluice.Cli.Checks;

/// <summary>Prints the findings of a check: successes on stdout, errors on stderr.</summary>
internal static class CheckView
{
    public static void Write(IReadOnlyList<Finding> findings, CommandRun run, bool json)
    {
        if (json)
        {
            run.Host.Out.WriteLine(Json(findings));
        }

        foreach (var finding in findings)
        {
            if (finding.Error is { } error)
            {
                run.Messages.Error($"{finding.About}: {error.Message}", error.Hint);
            }
            else if (!json)
            {
                run.Host.Out.WriteLine($"ok  {finding.About}: {finding.Text}");
            }
        }
    }

    private static string Json(IReadOnlyList<Finding> findings) => JsonOutput.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("ok", findings.All(finding => finding.Error is null));
        writer.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("about", finding.About);
            writer.WriteBoolean("ok", finding.Error is null);
            writer.WriteString("text", finding.Text);
            if (finding.Error?.Hint is { } hint)
            {
                writer.WriteString("hint", hint);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
