using Sluice.Engine;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Reads <c>destinations</c>.</summary>
internal sealed class DestinationReader(PipelineContext around, PipelineErrors mistakes)
{
    public IReadOnlyList<PipelineDestination> Read(Section destinations) => [.. destinations.Entries.Select(Read)];

    private PipelineDestination Read(YamlEntry entry)
    {
        var full = entry.Value is YamlMap map ? new Section(map) : null;
        var address = (full is null ? entry.Value : full.Value("uri")) as YamlText;

        // Where the address isn't known, its name alone tells destinations apart.
        if (address is not { IsWrong: false, IsNull: false, Value: { } uri })
        {
            return new PipelineDestination(entry.Name, null, entry.Name, full?.Text("schema"));
        }

        var found = new ValidationErrors();
        var identity = found.Collect(() => around.DestinationIdentity(uri), entry.Name);
        mistakes.Take(found, _ => address.Place);
        return new PipelineDestination(entry.Name, uri, identity, full?.Text("schema"));
    }
}
