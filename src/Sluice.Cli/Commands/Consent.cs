using System.Globalization;
using Sluice.Engine;
using Sluice.Writes.Import;

namespace Sluice.Cli.Commands;

/// <summary>Has somebody agree to what destroys.</summary>
internal static class Consent
{
    /// <summary>Goes on when nothing is destroyed, or when its number was said: a yes that is typed out of habit deletes a whole workspace.</summary>
    /// <param name="destruction">What would be destroyed; null for nothing.</param>
    /// <param name="said">What was said by --yes; null for nothing.</param>
    /// <param name="run">The run, whose terminal is asked.</param>
    /// <exception cref="SluiceException">Nobody has agreed (kind Config).</exception>
    public static async Task AskAsync(Destruction? destruction, string? said, CommandRun run)
    {
        if (destruction is null)
        {
            return;
        }

        var count = destruction.Rows.ToString(CultureInfo.InvariantCulture);
        var what = destruction.What;
        if (said is null && run.Host.IsInputTerminal)
        {
            await run.Host.Error.WriteLineAsync(what);
            await run.Host.Error.WriteAsync($"Type {count} to go on: ");
            said = await run.Host.In().ReadLineAsync(run.Cancel);
        }

        if (said?.Trim() != count)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                said is null ? what : $"{what} '{said}' is not their number.",
                $"Nothing was sent. --dry-run shows what would be; --yes {count} agrees to it.");
        }
    }
}
