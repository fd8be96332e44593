using Sluice.Engine;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Reads <c>workspaces</c> and <c>destinations</c>: where from and where to.</summary>
internal sealed class WorkspaceReader(PipelineContext around, PipelineErrors mistakes)
{
    /// <summary>Gives all workspaces, also those that can't be read, so that what names them is no second mistake.</summary>
    public IReadOnlyList<PipelineWorkspace> Workspaces(Section? workspaces)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        var list = new List<PipelineWorkspace>();
        foreach (var entry in workspaces?.Entries ?? [])
        {
            var source = entry.Value is YamlMap map ? Source(new Section(map)) : null;
            list.Add(new PipelineWorkspace(entry.Name, source));

            // A key is a workspace: read twice at once, it would get half of its requests each time, and every row twice.
            if (source is not null && !known.TryAdd(source.PairWith(""), entry.Name))
            {
                mistakes.Add(
                    entry.Value,
                    $"The workspaces {known[source.PairWith("")]} and {entry.Name} have the same key.",
                    "A key belongs to one workspace: make one for each, or take one of the two out.");
            }
        }

        return list;
    }

    public IReadOnlyList<PipelineDestination> Destinations(Section? destinations) => [.. (destinations?.Entries ?? []).Select(Destination)];

    private SourceAddress? Source(Section workspace)
    {
        if (!workspace.Has("app_api_key") || workspace.Entries.Any(entry => workspace.IsUnknown(entry.Name)))
        {
            return null;
        }

        var found = new ValidationErrors();
        var words = TableWords.Of(workspace, WorkspaceSettings.All);
        KeyOrigins.Check(words, key => around.Origins.Of([.. Variables.Names((workspace.Value(key.InFile) as YamlText)?.Raw ?? "")]), found);
        var source = found.Any ? null : SourceAddress.Read(words, found);
        mistakes.Take(found, error => workspace.PlaceOf(error) ?? workspace.Place);
        return source;
    }

    private PipelineDestination Destination(YamlEntry entry)
    {
        var full = entry.Value is YamlMap map ? new Section(map) : null;
        var address = (full is null ? entry.Value : full.Value("uri")) as YamlText;

        // Where the address isn't known, its name alone tells destinations apart.
        if (address is not { IsWrong: false, IsNull: false, Value: { } uri })
        {
            return new PipelineDestination(entry.Name, null, entry.Name, full?.Text("schema")) { Models = full?.IsOn("models") == true };
        }

        var found = new ValidationErrors();
        var identity = DestinationAddress.Identity(uri, around.DestinationIdentity, entry.Name, found);
        mistakes.Take(found, _ => address.Place);
        return new PipelineDestination(entry.Name, uri, identity, full?.Text("schema")) { Models = full?.IsOn("models") == true };
    }
}
