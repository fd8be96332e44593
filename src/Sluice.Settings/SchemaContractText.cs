using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Reads <c>--schema-contract</c>.</summary>
public static class SchemaContractText
{
    /// <summary>The words.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetNames<SchemaContract>().Select(name => name.ToLowerInvariant())];

    /// <summary>Reads the word, evolve when there is none, and notes a word that does not exist.</summary>
    public static SchemaContract Read(string? text, Mistakes mistakes)
    {
        var word = text?.Trim().ToLowerInvariant();
        if (word is not { Length: > 0 })
        {
            return SchemaContract.Evolve;
        }

        var place = Words.ToList().IndexOf(word);
        if (place >= 0)
        {
            return (SchemaContract)place;
        }

        mistakes.Add($"There is no schema contract '{text}'.", Suggestion.For(word, Words) ?? $"There are {string.Join(", ", Words)}.");
        return SchemaContract.Evolve;
    }
}
