namespace Sluice.Settings.Pipelines.Yaml;

/// <summary>A list.</summary>
internal sealed class YamlList(Place place, IReadOnlyList<YamlValue> items) : YamlValue(place)
{
    public IReadOnlyList<YamlValue> Items => items;

    public override string Kind => "a list";
}
