using System.CommandLine;
using Sluice.Engine;
using Sluice.Settings;
using Sluice.Writes.Import;

namespace Sluice.Cli.Commands;

/// <summary>How much of what was sent is read back, and how long what is not there yet is waited for.</summary>
/// <param name="help">What <c>--verify</c> does.</param>
internal sealed class VerifyOptions(string help)
{
    private static readonly string[] Words = ["sample", "all", "none"];

    private readonly Option<string?> _mode = Flag.Text("--verify", "sample|all|none", $"{help} [default: sample]");

    private readonly Option<string?> _wait = Flag.Text(
        "--verify-wait", "DURATION", "How long to wait for what is not there yet, for Customer.io queues changes [default: 1m]");

    /// <summary>Both of them.</summary>
    public IReadOnlyList<Option> All => [_mode, _wait];

    /// <summary>Whether it was said how much.</summary>
    public bool IsGiven(CommandRun run) => run.Flags.Text(_mode) is not null;

    public VerifyMode Mode(CommandRun run, ValidationErrors mistakes) =>
        Enum.Parse<VerifyMode>(run.Flags.Word(_mode, Words, mistakes), ignoreCase: true);

    public TimeSpan Patience(CommandRun run, ValidationErrors mistakes) =>
        DurationText.Read(_wait.Name, run.Flags.Text(_wait), mistakes) ?? TimeSpan.FromMinutes(1);
}
