namespace Sluice.Settings.Pipelines;

/// <summary>Reads <c>combine</c>.</summary>
internal static class CombinationText
{
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetNames<Combination>().Select(name => name.ToLowerInvariant())];

    public static Combination Read(string? text) => text is null ? Combination.Union : Enum.Parse<Combination>(text, ignoreCase: true);
}
