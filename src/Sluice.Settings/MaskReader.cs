using Sluice.Engine;
using Sluice.Engine.Masking;

namespace Sluice.Settings;

/// <summary>Reads <c>--mask</c>.</summary>
internal static class MaskReader
{
    private static readonly Dictionary<string, MaskMethod> Methods = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sha256"] = MaskMethod.Sha256,
        ["redact"] = MaskMethod.Redact,
        ["partial"] = MaskMethod.Partial,
    };

    public static IReadOnlyCollection<string> Words => Methods.Keys;

    /// <summary>Reads entries <c>column:method</c>, given one by one or with commas, and notes what is wrong.</summary>
    public static MaskSet Read(IEnumerable<string> entries, MaskSalt? salt, ValidationErrors mistakes)
    {
        var masks = ColumnChoice.Names(entries).Select(entry => Mask(entry, mistakes)).OfType<Mask>().ToList();
        foreach (var same in masks.GroupBy(mask => mask.Column, StringComparer.OrdinalIgnoreCase))
        {
            if (same.Select(mask => mask.Method).Distinct().Count() > 1)
            {
                mistakes.Add($"--mask: the column {same.Key} has two methods: {string.Join(" and ", same.Distinct())}.", "Choose one.");
            }
        }

        return masks.Count == 0 ? MaskSet.None : new MaskSet([.. masks.DistinctBy(mask => mask.Column, StringComparer.OrdinalIgnoreCase)], salt);
    }

    private static Mask? Mask(string entry, ValidationErrors mistakes)
    {
        var colon = entry.LastIndexOf(':');
        var column = colon < 0 ? entry : entry[..colon].Trim();
        var word = colon < 0 ? "" : entry[(colon + 1)..].Trim();
        if (column.Split('.').Any(string.IsNullOrWhiteSpace))
        {
            mistakes.Add($"--mask names no column in '{entry}'.", "Write it as email:sha256, or with a path as attributes.phone:redact.");
            return null;
        }

        if (Methods.TryGetValue(word, out var method))
        {
            return new Mask(column, method);
        }

        mistakes.Add(
            word.Length == 0 ? $"--mask does not say how {column} is masked." : $"--mask: {column} can't be masked by '{word}'.",
            "There are sha256 (equal values stay equal, so joins work), redact (***) and partial (j***@example.com).");
        return null;
    }
}
