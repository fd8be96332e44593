namespace Sluice.Engine.Catalog;

/// <summary>What was said about how a resource is asked for: values by the names of its options. Two that say the same are equal.</summary>
public sealed class OptionValues : IEquatable<OptionValues>
{
    private readonly SortedDictionary<string, IReadOnlyList<string>> _values = new(StringComparer.Ordinal);

    /// <summary>Makes it from values by name; names without a value are left out.</summary>
    public OptionValues(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> values)
    {
        foreach (var (name, said) in values.Where(pair => pair.Value.Count > 0))
        {
            _values[name] = said;
        }
    }

    /// <summary>Nothing was said.</summary>
    public static OptionValues None { get; } = new([]);

    /// <summary>Whether nothing was said.</summary>
    public bool IsEmpty => _values.Count == 0;

    /// <summary>The names of the options that were set, in alphabetical order.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>All values of an option; none if it was not set.</summary>
    public IReadOnlyList<string> All(string name) => _values.GetValueOrDefault(name) ?? [];

    /// <summary>The first value of an option, or null.</summary>
    public string? One(string name) => All(name) is [var first, ..] ? first : null;

    /// <summary>Whether a flag was set to true.</summary>
    public bool IsOn(string name) => One(name) == "true";

    /// <summary>All but one option.</summary>
    public OptionValues Without(string name) => new(_values.Where(pair => pair.Key != name));

    /// <summary>The same with one option set to one value, whatever it was.</summary>
    public OptionValues With(string name, string value) => new(_values.Where(pair => pair.Key != name).Append(new(name, [value])));

    /// <summary>Only what is among some options.</summary>
    public OptionValues Of(IReadOnlyList<ResourceOption> options) => IsEmpty ? None : new OptionValues(_values.Where(pair => options.Any(option => option.Name == pair.Key)));

    /// <inheritdoc/>
    public bool Equals(OptionValues? other) => other is not null && string.Equals(ToString(), other.ToString(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OptionValues);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Gives them as <c>drafts=true&amp;type=email,push</c>.</summary>
    public override string ToString() => string.Join('&', _values.Select(pair => $"{pair.Key}={string.Join(',', pair.Value)}"));
}
