using System.CommandLine;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary>How far an incremental run looks back, and what is kept of the pages.</summary>
internal sealed class HistoryOptions
{
    private readonly Option<string?> _lookBack = Flag.Text(
        "--lookback",
        "DURATION",
        "How far behind its last end an incremental run reads deliveries again, because opens and clicks come late, 0d to 180d [default: 30d]");

    private readonly Option<string?> _cutoffDays = Flag.Text("--cutoff-days", "DAYS", "The same in days, as other tools call it");
    private readonly Option<bool> _keepSpool = Flag.Switch(
        "--keep-spool", "Keep the pages of Customer.io in the work folder, below kept/, for looking at them");

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

    public IngestSettings AddTo(IngestSettings settings, Flags flags) =>
        settings with
        {
            IntervalStart = flags.Text(_start),
            IntervalEnd = flags.Text(_end),
        };
}

/// <summary>What becomes of rows that Customer.io no longer has, and whether gaps are accepted.</summary>
internal sealed class DeleteOptions
{
    private readonly Option<string?> _deletes = Flag.Text(
        "--deletes",
        "soft|hard|ignore",
        "Rows that a whole listing no longer has get the time in _sluice_deleted_at, are removed, or stay as they are [default: soft]");

    private readonly Option<bool> _allowPartial = Flag.Switch(
        "--allow-partial", "End with 0 although named rows are missing, and take an empty list for true");

    public void AddTo(Command command)
    {
        command.Add(_deletes);
        command.Add(_allowPartial);
    }

    public IngestSettings AddTo(IngestSettings settings, Flags flags) =>
        settings with
        {
            Deletes = flags.Text(_deletes),
            AllowPartial = flags.IsOn(_allowPartial),
        };
}
