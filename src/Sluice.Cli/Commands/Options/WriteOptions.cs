using System.CommandLine;
using System.Globalization;
using Sluice.Engine;
using Sluice.Sql.Dml;
using Sluice.Writes.Import;

namespace Sluice.Cli.Commands;

/// <summary>How far a statement that changes something may go.</summary>
internal sealed class WriteOptions
{
    private readonly Option<bool> _dryRun = Flag.Switch("--dry-run", "Of a statement that changes something, only show the calls that it would make");

    private readonly Option<string?> _yes = new("--yes")
    {
        HelpName = "COUNT",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Agree to changes without being asked; what deletes needs the number of rows. Written behind the statement",
    };

    private readonly Option<string?> _most = Flag.Text(
        "--max-writes", "COUNT", "Rows that a statement may change without being asked about [default: 100]");

    private readonly Option<bool> _continue = Flag.Switch("--continue", "Go on with the other rows when Customer.io has refused one");

    private readonly VerifyOptions _verify = new("Read back some of the changed rows, or all, and name what did not arrive");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _dryRun, _yes, _most, _continue }.Concat(_verify.All))
        {
            command.Add(option);
        }
    }

    /// <summary>What was said.</summary>
    public WriteSettings Read(CommandRun run, ValidationErrors mistakes) =>
        new(Consent(run, mistakes), _verify.Mode(run, mistakes), _verify.Patience(run, mistakes));

    private WriteConsent Consent(CommandRun run, ValidationErrors mistakes)
    {
        var yes = run.Flags.Text(_yes);
        int? count = int.TryParse(yes, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        if (yes is not null && count is null)
        {
            mistakes.Add($"--yes takes a number of rows or nothing, not '{yes}'.", "Write --yes behind the statement.");
        }

        var consent = new WriteConsent
        {
            IsDryRun = run.Flags.IsOn(_dryRun),
            Agrees = run.Flags.IsGiven(_yes) || yes is not null,
            Count = count,
            Continues = run.Flags.IsOn(_continue),
            Ask = run.Host.IsInputTerminal ? Ask(run, (question, cancel) => AskAsync(run.Host, question, cancel)) : null,
            Advice = rows => "--dry-run shows the calls; --yes"
                + (rows is null ? "" : string.Create(CultureInfo.InvariantCulture, $" {rows}")) + " behind the statement agrees to them.",
        };
        return run.Flags.Whole(_most, 0, int.MaxValue, mistakes) is { } most ? consent with { MostWrites = most } : consent;
    }

    /// <summary>Asks somebody at a terminal.</summary>
    /// <param name="run">The run.</param>
    /// <param name="ask">Writes a question and gives the answer.</param>
    public static Func<string, string, CancellationToken, Task<string?>> Ask(
        CommandRun run, Func<string, CancellationToken, Task<string?>> ask) => async (what, wanted, cancel) =>
    {
        await run.Host.Error.WriteLineAsync(what);
        return await ask($"Type {wanted} to go on: ", cancel);
    };

    private static async Task<string?> AskAsync(CommandHost host, string question, CancellationToken cancel)
    {
        await host.Error.WriteAsync(question);
        return await host.In().ReadLineAsync(cancel);
    }
}

/// <summary>What was said of statements that change something.</summary>
/// <param name="Consent">How far they may go.</param>
/// <param name="Verify">How many of the changed rows are read back.</param>
/// <param name="Patience">How long Customer.io's queue is waited for.</param>
internal sealed record WriteSettings(WriteConsent Consent, VerifyMode Verify, TimeSpan Patience);
