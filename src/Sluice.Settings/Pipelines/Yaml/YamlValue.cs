namespace Sluice.Settings.Pipelines.Yaml;

/// <summary>A value of the file with its place.</summary>
internal abstract class YamlValue(Place place)
{
    public Place Place { get; } = place;

    /// <summary>What it is, as in "must be a list, but is ...".</summary>
    public abstract string Kind { get; }

    /// <summary>Whether a mistake was found in it, so that nobody needs to look for another.</summary>
    public bool IsWrong { get; set; }
}
