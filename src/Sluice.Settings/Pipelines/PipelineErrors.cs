using Sluice.Engine;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Collects all that is wrong with a file, with places and without secrets.</summary>
internal sealed class PipelineErrors(string file)
{
    // Shorter values are words of the language rather than secrets, and would be found everywhere.
    private const int ShortestHidden = 6;

    private readonly List<(string? Owner, PipelineError Mistake)> _found = [];
    private readonly List<PipelineError> _warnings = [];
    private readonly List<PipelineError> _doubts = [];
    private readonly Dictionary<string, string> _hidden = new(StringComparer.Ordinal);

    /// <summary>The warnings in the order of the file.</summary>
    public IReadOnlyList<PipelineError> Warnings => InOrder(_warnings);

    /// <summary>What only the destination can tell to be right, in the order of the file.</summary>
    public IReadOnlyList<PipelineError> Doubts => InOrder(_doubts);

    /// <summary>The mistakes in the order of the file; variables that are missing only where somebody needs them.</summary>
    /// <param name="isNeeded">Whether somebody needs an entry such as <c>workspaces/main</c>.</param>
    /// <param name="entryAt">Gives the entry that a mistake is in, when those of others are let by; null for what all need.</param>
    public IReadOnlyList<PipelineError> Of(Func<string, bool> isNeeded, Func<PipelineError, string?>? entryAt = null) => InOrder(_found
        .Where(one => (one.Owner ?? entryAt?.Invoke(one.Mistake)) is not { } owner || isNeeded(owner))
        .Select(one => one.Mistake));

    public void Add(Place place, string message, string? fix = null) => _found.Add((null, At(place, message, fix)));

    /// <summary>Notes a mistake in a value, which is not looked at any more.</summary>
    public void Add(YamlValue value, string message, string? fix = null)
    {
        value.IsWrong = true;
        Add(value.Place, message, fix);
    }

    /// <summary>A place as compilers name it, <c>sluice.yaml:12:7</c>.</summary>
    public string Name(Place place) => $"{file}:{place.Line}:{place.Column}";

    /// <summary>Notes a variable that is not set, in an entry such as <c>workspaces/main</c>.</summary>
    public void AddUnset(YamlValue value, string owner, string message, string fix) => _found.Add((owner, At(value.Place, message, fix)));

    public void Doubt(Place place, string message, string fix) => _doubts.Add(At(place, message, fix));

    public void Warn(Place place, string message, string fix) => _warnings.Add(At(place, message, fix));

    /// <summary>Warns of a key or password in the file itself.</summary>
    public void WarnOfSecret(Place place, string message, string fix) => _warnings.Add(At(place, message, fix) with { IsOfSecret = true });

    /// <summary>Takes over what is wrong with settings, each at its place and called as the file calls it.</summary>
    public void Take(ValidationErrors mistakes, Func<SettingError, Place> placeOf)
    {
        foreach (var error in mistakes.Found)
        {
            Add(placeOf(error), error.Problem.InFile(), error.Fix?.InFile());
        }
    }

    /// <summary>Shows something else wherever a value would stand in a message.</summary>
    public void Hide(string? value, string shown)
    {
        if (value is { Length: >= ShortestHidden })
        {
            _hidden[value] = shown;
        }
    }

    private PipelineError At(Place place, string message, string? fix) =>
        new(file, place.Line, place.Column, Shown(message), fix is null ? null : Shown(fix));

    private string Shown(string text) =>
        _hidden
            .OrderByDescending(pair => pair.Key.Length)
            .Aggregate(text, (shown, pair) => shown.Replace(pair.Key, pair.Value, StringComparison.Ordinal));

    private static List<PipelineError> InOrder(IEnumerable<PipelineError> mistakes) =>
        [.. mistakes.Distinct().OrderBy(one => one.Line).ThenBy(one => one.Column)];
}

/// <summary>Something that is wrong with a pipeline file, or worth a warning.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Message">What is wrong, without keys and passwords.</param>
/// <param name="Fix">What to do about it, or null.</param>
public sealed record PipelineError(string File, int Line, int Column, string Message, string? Fix)
{
    /// <summary>Whether a key or a password stands there.</summary>
    public bool IsOfSecret { get; init; }

    /// <summary>Gives it as compilers do, <c>sluice.yaml:12:7: message</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
