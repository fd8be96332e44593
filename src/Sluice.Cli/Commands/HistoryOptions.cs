using System.CommandLine;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary>How far an incremental run looks back, and what is kept of the pages.</summary>
internal sealed class HistoryOptions
{
    private readonly Option<string?> _lookBack = Flag.Text(
        "--lookback", "DURATION", "How far behind its last end an incremental run reads deliveries again, because opens and clicks come late, 0d to 180d [default: 30d]");

    private readonly Option<string?> _cutoffDays = Flag.Text("--cutoff-days", "DAYS", "The same in days, as other tools call it");
    private readonly Option<bool> _keepSpool = Flag.Switch("--keep-spool", "Keep the pages of Customer.io in the work folder, below kept/, for looking at them");

    public void AddTo(Command command)
    {
        command.Add(_lookBack);
        command.Add(_cutoffDays);
        command.Add(_keepSpool);
    }

    public IngestSettings AddTo(IngestSettings settings, Flags flags) => settings with
    {
        LookBack = flags.Text(_lookBack),
        CutoffDays = flags.Text(_cutoffDays),
        KeepSpool = flags.IsOn(_keepSpool),
    };
}
