using Sluice.Engine;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Reads <c>workspaces</c>.</summary>
internal sealed class WorkspaceReader(PipelineErrors mistakes)
{
    /// <summary>Gives all of them, also those that can't be read, so that what names them is no second mistake.</summary>
    public IReadOnlyList<PipelineWorkspace> Read(Section workspaces)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        var list = new List<PipelineWorkspace>();
        foreach (var entry in workspaces.Entries)
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

    private SourceAddress? Source(Section workspace)
    {
        if (!workspace.Has("app_api_key") || workspace.Entries.Any(entry => workspace.IsUnknown(entry.Name)))
        {
            return null;
        }

        var found = new ValidationErrors();
        var rate = workspace.Text("rate") is { } text ? $"?rate={Uri.EscapeDataString(text)}" : "";
        var source = SourceAddress.Read($"customerio://{rate}", Defaults(workspace), found);
        mistakes.Take(found, message => workspace.PlaceNamedIn(message) ?? workspace.Place);
        return source;
    }

    private static SourceDefaults Defaults(Section workspace) => new()
    {
        ApiKey = workspace.Text("app_api_key"),
        Region = workspace.Text("region"),
        BaseUrl = workspace.Text("base_url"),
        TrackBaseUrl = workspace.Text("track_base_url"),
        SiteId = workspace.Text("site_id"),
        TrackApiKey = workspace.Text("track_api_key"),
    };
}
