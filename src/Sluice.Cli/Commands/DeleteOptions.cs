using System.CommandLine;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary>What becomes of rows that Customer.io no longer has, and whether gaps are accepted.</summary>
internal sealed class DeleteOptions
{
    private readonly Option<string?> _deletes = Flag.Text(
        "--deletes", "soft|hard|ignore", "Rows that a whole listing no longer has get the time in _sluice_deleted_at, are removed, or stay as they are [default: soft]");

    private readonly Option<bool> _allowPartial = Flag.Switch("--allow-partial", "End with 0 although named rows are missing, and take an empty list for true");

    public void AddTo(Command command)
    {
        command.Add(_deletes);
        command.Add(_allowPartial);
    }

    public IngestSettings AddTo(IngestSettings settings, Flags flags) => settings with { Deletes = flags.Text(_deletes), AllowPartial = flags.IsOn(_allowPartial) };
}
