using System.CommandLine;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary>Whether a run waits for what another program holds.</summary>
internal sealed class WaitOptions
{
    private static readonly string[] AsLongAsItTakes = ["yes", "true", "on", "1"];

    private readonly Option<string?> _wait = new("--wait")
    {
        HelpName = "DURATION",
        Arity = ArgumentArity.ZeroOrOne,
        Description =
            "Wait for another run, or for a program that has the database open, for so long at most (as 30s, 10m, 1h30m) or, without a value, "
            + "for as long as it takes [default: end with 6]",
    };

    public void AddTo(Command command) => command.Add(_wait);

    public LockWait Read(CommandRun run, ValidationErrors mistakes)
    {
        var text = run.Flags.Text(_wait);
        var atMost = text is null ? run.Flags.IsGiven(_wait) ? Timeout.InfiniteTimeSpan : TimeSpan.Zero
            : AsLongAsItTakes.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase) ? Timeout.InfiniteTimeSpan
            : DurationText.Read(_wait.Name, text, mistakes) ?? TimeSpan.Zero;
        return new LockWait(run.Host.Time, atMost, text => run.Messages.Info(text));
    }
}
