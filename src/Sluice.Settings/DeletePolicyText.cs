using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Reads <c>--deletes</c>.</summary>
internal static class DeletePolicyText
{
    private static readonly Dictionary<string, DeletePolicy> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["soft"] = DeletePolicy.Soft,
        ["hard"] = DeletePolicy.Hard,
        ["ignore"] = DeletePolicy.Ignore,
    };

    public static IReadOnlyCollection<string> WordList => Words.Keys;

    public static DeletePolicy Read(string? text, Mistakes mistakes)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return DeletePolicy.Soft;
        }

        if (Words.TryGetValue(text.Trim(), out var policy))
        {
            return policy;
        }

        mistakes.Add($"--deletes can't be '{text}'.", Suggestion.For(text, Words.Keys) ?? $"There are {string.Join(", ", Words.Keys)}.");
        return DeletePolicy.Soft;
    }
}
