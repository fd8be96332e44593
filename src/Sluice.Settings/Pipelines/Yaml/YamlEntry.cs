namespace Sluice.Settings.Pipelines.Yaml;

/// <summary>A key and its value.</summary>
internal sealed record YamlEntry(YamlText Key, YamlValue Value)
{
    public string Name => Key.Raw;
}
