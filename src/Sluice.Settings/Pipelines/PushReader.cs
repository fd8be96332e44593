using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Reads the pushes of a file.</summary>
internal sealed class PushReader(
    PipelineContext around, IReadOnlyList<PipelineWorkspace> workspaces, IReadOnlyList<PipelineDestination> destinations, PipelineErrors mistakes)
{
    /// <summary>Gives the push, or nothing when it is not known where from or where to.</summary>
    public IEnumerable<PipelinePush> Read(string name, Section push)
    {
        var workspace = Chosen(name, push, "workspace", workspaces, one => one.Name);
        CheckSource(name, push);
        var from = push.Has("query") ? Chosen(name, push, "from", destinations, one => one.Name) : null;
        var (query, file, into) = (push.Text("query"), push.Text("file"), push.Text("into"));
        CheckTarget(push, into);
        if (workspace is null || into is null || (query is null ? file is null : from is null))
        {
            return [];
        }

        return
        [
            new PipelinePush
            {
                Name = name,
                Workspace = workspace,
                From = from,
                Query = query,
                File = file,
                Into = into,
                Mode = push.Text("mode"),
                Key = push.Texts("key"),
                Maps = Pairs(push, "map"),
                Constants = Pairs(push, "set"),
                Types = Pairs(push, "types"),
                TimeFormat = push.Text("time_format"),
                ClearsNulls = push.Text("nulls") == "clear",
                MaxDeletes = push.Text("max_deletes"),
                Schedule = ScheduleKeys.Read(push, mistakes),
            },
        ];
    }

    private void CheckSource(string name, Section push)
    {
        if (push.Has("query") == push.Has("file"))
        {
            mistakes.Add(
                push.Place, $"The push {name} needs either a query or a file.", "Write for example: query: SELECT id, plan FROM accounts");
        }
        else if (push.Has("file") && push.Has("from"))
        {
            mistakes.Add(
                push.PlaceOf("from"), "A file is read as it is: from belongs to a query.", "Take it away, or write query: in place of file:");
        }
    }

    private void CheckTarget(Section push, string? into)
    {
        if (into is not null && !push.IsUnknown("mode") && !push.IsUnknown("key"))
        {
            var found = new ValidationErrors();
            around.CheckPush(into, push.Text("mode"), push.Texts("key"), found);
            mistakes.Take(found, error => push.PlaceOf(error) ?? push.Place);
        }
    }

    private T? Chosen<T>(string name, Section push, string key, IReadOnlyList<T> all, Func<T, string> nameOf)
        where T : class
    {
        var names = all.Select(nameOf).ToList();
        if (push.Value(key) is YamlText { Value: { } wanted } text)
        {
            var known = all.FirstOrDefault(one => nameOf(one) == wanted);
            if (known is null)
            {
                mistakes.Add(
                    text,
                    $"There is no {(key == "from" ? "destination" : key)} '{text.Raw}'.",
                    Suggestion.For(text.Raw, names) ?? (names.Count == 0 ? "None is defined." : $"There are {string.Join(", ", names)}."));
            }

            return known;
        }

        if (!push.Has(key) && all.Count != 1)
        {
            mistakes.Add(
                push.Place,
                $"The push {name} does not say {(key == "from" ? "which destination its query asks" : "which workspace it writes to")}.",
                names.Count == 0 ? $"Add it to the file, and name it with {key}:" : $"Add {key}: with one of {string.Join(", ", names)}.");
        }

        return push.Has(key) || all.Count != 1 ? null : all[0];
    }

    private static IReadOnlyList<string> Pairs(Section push, string key) =>
        [.. (push.Below(key)?.Entries ?? []).Select(entry => (entry.Name, Value: (entry.Value as YamlText)?.Value))
            .Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={pair.Value}")];
}

/// <summary>A push of a pipeline: rows of a query or a file into a workspace.</summary>
public sealed record PipelinePush
{
    /// <summary>The name in the file.</summary>
    public required string Name { get; init; }

    /// <summary>Where to.</summary>
    public required PipelineWorkspace Workspace { get; init; }

    /// <summary>What the query asks; null when the source is a file.</summary>
    public PipelineDestination? From { get; init; }

    /// <summary>The query; null when the source is a file.</summary>
    public string? Query { get; init; }

    /// <summary>The file or pattern of files; null when the source is a query.</summary>
    public string? File { get; init; }

    /// <summary>What the rows become, as an import names it.</summary>
    public required string Into { get; init; }

    /// <summary>What becomes of rows that were pushed before, in the file's word; null for what suits the target.</summary>
    public string? Mode { get; init; }

    /// <summary>The columns by which a row is known again.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>Which attribute columns become, as <c>column=attribute</c>.</summary>
    public IReadOnlyList<string> Maps { get; init; } = [];

    /// <summary>Values that are the same for all rows, as <c>name=value</c>.</summary>
    public IReadOnlyList<string> Constants { get; init; } = [];

    /// <summary>What columns hold, as <c>column=type</c>.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>How times in text are written, or null.</summary>
    public string? TimeFormat { get; init; }

    /// <summary>Whether a column without a value takes the attribute away.</summary>
    public bool ClearsNulls { get; init; }

    /// <summary>How much a mirror may remove without being asked, or null.</summary>
    public string? MaxDeletes { get; init; }

    /// <summary>When a scheduler is to push, or null.</summary>
    public PipelineSchedule? Schedule { get; init; }
}
