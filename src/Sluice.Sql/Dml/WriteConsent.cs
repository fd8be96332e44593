using System.Globalization;
using Sluice.Engine;

namespace Sluice.Sql.Dml;

/// <summary>What somebody has agreed to, before a statement changes anything.</summary>
public sealed record WriteConsent
{
    /// <summary>Whether calls are only shown.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Whether changes need no question.</summary>
    public bool Agrees { get; init; }

    /// <summary>The number of rows that was said, or null.</summary>
    public int? Count { get; init; }

    /// <summary>Rows that a statement may change without a question.</summary>
    public int MostWrites { get; init; } = 100;

    /// <summary>Whether a refusal does not stop the rest.</summary>
    public bool Continues { get; init; }

    /// <summary>Says what would be changed, asks for the words that agree to it, and gives the answer; null where nobody can be asked.</summary>
    public Func<string, string, CancellationToken, Task<string?>>? Ask { get; init; }

    /// <summary>How to agree, for whoever was not asked; the number of rows is given where it must be said.</summary>
    public required Func<int?, string> Advice { get; init; }

    /// <summary>Asks where a question is needed.</summary>
    /// <param name="write">What would be changed.</param>
    /// <param name="cancel">Stops waiting for an answer.</param>
    /// <exception cref="SluiceException">Nobody has agreed (kind Config).</exception>
    public async Task RequireAsync(PlannedWrite write, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(write);
        var mustAsk = write.IsDestroying || write.Count > MostWrites || (write.IsOfAllRows && write.Count > 0);
        var isAgreed = Count is not null ? Count == write.Count : Agrees && !write.IsDestroying;
        if ((!mustAsk && Count is null) || isAgreed)
        {
            return;
        }

        // The number must be said: a yes that is typed out of habit deletes a whole workspace.
        var count = write.Count.ToString(CultureInfo.InvariantCulture);
        var wanted = write.IsDestroying ? count : "yes";
        var rows = $"{count} row{(count == "1" ? "" : "s")}";
        var what = $"{write.Verb} {write.Target}{(write.IsOfAllRows ? " without WHERE" : "")}: {rows}. {string.Join(' ', write.Undone)}";
        if (!Agrees && Ask is not null && (await Ask(what, wanted, cancel))?.Trim() == wanted)
        {
            return;
        }

        throw new SluiceException(
            SluiceErrorKind.Config,
            Count is null ? what : $"{what} '{Count.Value.ToString(CultureInfo.InvariantCulture)}' is not their number.",
            $"Nothing was sent. {Advice(write.IsDestroying ? write.Count : null)}");
    }
}
