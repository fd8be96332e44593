using System.CommandLine;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary>The range of time that is read.</summary>
internal sealed class IntervalOptions
{
    private readonly Option<string?> _start = Flag.Text(
        "--interval-start", "TIME", "Only what was changed or created from this date or date-time on; UTC unless it says otherwise");

    private readonly Option<string?> _end = Flag.Text("--interval-end", "TIME", "... and up to this one; a date is its midnight");

    public void AddTo(Command command)
    {
        command.Add(_start);
        command.Add(_end);
    }

    public IngestSettings AddTo(IngestSettings settings, Flags flags) => settings with { IntervalStart = flags.Text(_start), IntervalEnd = flags.Text(_end) };
}
