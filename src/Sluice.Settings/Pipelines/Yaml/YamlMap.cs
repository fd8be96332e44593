namespace Sluice.Settings.Pipelines.Yaml;

/// <summary>Keys with values.</summary>
internal sealed class YamlMap(Place place, IReadOnlyList<YamlEntry> entries) : YamlValue(place)
{
    public IReadOnlyList<YamlEntry> Entries => entries;

    public override string Kind => "a mapping";

    public YamlEntry? Find(string key) => entries.FirstOrDefault(entry => entry.Name == key);
}
