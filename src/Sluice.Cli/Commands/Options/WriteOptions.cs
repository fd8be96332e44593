using System.CommandLine;
using System.Globalization;
using Sluice.Engine;
using Sluice.Sql.Dml;

namespace Sluice.Cli.Commands;

/// <summary>How far a statement that changes something may go.</summary>
internal sealed class WriteOptions
{
    private const int MostWrites = 100;

    private readonly Option<bool> _dryRun = Flag.Switch("--dry-run", "Of a statement that changes something, only show the calls that it would make");

    private readonly Option<string?> _yes = new("--yes")
    {
        HelpName = "COUNT",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Agree to changes without being asked; what destroys people needs their number. Written behind the statement",
    };

    private readonly Option<string?> _most = Flag.Text(
        "--max-writes", "COUNT", "Rows that a statement may change without being asked about [default: 100]");

    private readonly Option<bool> _continue = Flag.Switch("--continue", "Go on with the other rows when Customer.io has refused one");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _dryRun, _yes, _most, _continue })
        {
            command.Add(option);
        }
    }

    /// <summary>What was said.</summary>
    public WriteConsent Read(CommandRun run, ValidationErrors mistakes)
    {
        var yes = run.Flags.Text(_yes);
        if (yes is not null && !int.TryParse(yes, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            mistakes.Add($"--yes takes a number of rows or nothing, not '{yes}'.", "Write --yes behind the statement.");
        }

        return new WriteConsent
        {
            IsDryRun = run.Flags.IsOn(_dryRun),
            Agrees = run.Flags.IsGiven(_yes) || yes is not null,
            Count = yes,
            MostWrites = run.Flags.Whole(_most, 0, int.MaxValue, mistakes) ?? MostWrites,
            Continues = run.Flags.IsOn(_continue),
            Ask = run.Host.IsInputTerminal ? (question, cancel) => AskAsync(run.Host, question, cancel) : null,
        };
    }

    private static async Task<string?> AskAsync(CommandHost host, string question, CancellationToken cancel)
    {
        await host.Error.WriteAsync(question);
        return await host.In().ReadLineAsync(cancel);
    }
}

/// <summary>What somebody has agreed to.</summary>
internal sealed record WriteConsent
{
    public bool IsDryRun { get; init; }

    /// <summary>Whether changes need no question.</summary>
    public bool Agrees { get; init; }

    /// <summary>The number of rows that was said, or null.</summary>
    public string? Count { get; init; }

    public int MostWrites { get; init; }

    public bool Continues { get; init; }

    /// <summary>Asks and gives what was typed; null where nobody can be asked.</summary>
    public Func<string, CancellationToken, Task<string?>>? Ask { get; init; }

    /// <summary>Asks where a question is needed.</summary>
    /// <exception cref="SluiceException">Nobody has agreed (kind Config).</exception>
    public async Task RequireAsync(PlannedWrite write, CommandRun run, CancellationToken cancel)
    {
        var count = write.Count.ToString(CultureInfo.InvariantCulture);
        var mustAsk = write.IsDestroying || write.Count > MostWrites || (write.IsOfAllRows && write.Count > 0);
        var isAgreed = Count is not null ? Count == count : Agrees && !write.IsDestroying;
        if ((!mustAsk && Count is null) || isAgreed)
        {
            return;
        }

        // The number must be said: a yes that is typed out of habit deletes a whole workspace.
        var wanted = write.IsDestroying ? count : "yes";
        var rows = $"{count} row{(count == "1" ? "" : "s")}";
        var what = $"{write.Verb} {write.Target}{(write.IsOfAllRows ? " without WHERE" : "")}: {rows}. {string.Join(' ', write.Undone)}";
        if (!Agrees && Ask is not null)
        {
            await run.Host.Error.WriteLineAsync(what);
            if ((await Ask($"Type {wanted} to go on: ", cancel))?.Trim() == wanted)
            {
                return;
            }
        }

        throw new SluiceException(
            SluiceErrorKind.Config,
            Count is null ? what : $"{what} '{Count}' is not their number.",
            $"Nothing was sent. --dry-run shows the calls; --yes{(write.IsDestroying ? $" {count}" : "")} behind the statement agrees to them.");
    }
}
