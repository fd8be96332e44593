using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Shapes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Reads a pipeline file and tells everything that is wrong with it at once, each with its line and what to do.</summary>
public sealed class PipelineReader(PipelineContext around)
{
    /// <summary>The name of the file when none is given.</summary>
    public const string FileName = "sluice.yaml";

    /// <summary>What stands before a name that is to be found among those of <c>two_way</c>, and not among the syncs.</summary>
    public const string TwoWay = "two_way/";

    private const int MostCharacters = 4_000_000;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="chosen">
    /// The syncs that are to run, or names behind <see cref="TwoWay"/>, so that variables that only others need may be missing; empty for all.
    /// </param>
    /// <exception cref="SluiceException">It is not there, or can't be read (kind Config).</exception>
    public PipelineFile ReadFile(string path, string name, IReadOnlyCollection<string>? chosen = null) => Read(name, Text(path, name), chosen);

    /// <summary>Reads a file's text.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="chosen">
    /// The syncs that are to run, or names behind <see cref="TwoWay"/>, so that variables that only others need may be missing; empty for all.
    /// </param>
    public PipelineFile Read(string file, string text, IReadOnlyCollection<string>? chosen = null)
    {
        var mistakes = new PipelineErrors(file);
        var root = YamlReader.Read(text, mistakes);
        var map = root as YamlMap;
        if (root is YamlText { IsNull: true } || (root is null && !mistakes.Of(_ => true).Any()))
        {
            mistakes.Add(new Place(1, 1), "The file is empty.", "'sluice init --force' writes one to begin with.");
        }
        else if (root is not null && map is null)
        {
            mistakes.Add(root, $"A pipeline file is a mapping, but this is {root.Kind}.", "Begin with the line: version: 1");
        }

        var (syncs, twoWays) = map is null ? ([], []) : Read(map, mistakes);
        var owners = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var sync in syncs)
        {
            owners[sync.Name] = OwnersOf(sync);
        }

        foreach (var one in twoWays)
        {
            owners[TwoWay + one.Name] = [$"workspaces/{one.Workspace.Name}", $"destinations/{one.Database.Name}", TwoWay + one.Name];
        }

        bool IsNeeded(string owner) => chosen is not { Count: > 0 } || Owners(owners, chosen, map).Contains(owner, StringComparer.Ordinal);
        return new PipelineFile
        {
            Syncs = syncs,
            SyncNames = Names(map, "syncs"),
            TwoWays = twoWays,
            TwoWayNames = Names(map, "two_way"),
            ValidationErrors = mistakes.Of(IsNeeded),
            Warnings = mistakes.Warnings,
            Doubts = mistakes.Doubts,
        };
    }

    private (List<PipelineSync> Syncs, List<PipelineTwoWay> TwoWays) Read(YamlMap map, PipelineErrors mistakes)
    {
        new Variables(around.Variables, around.MayBeUnset, mistakes).Expand(map);
        new SecretWarnings(mistakes).Look(map);
        PipelineKeys.File.Check(map, new Subject("the file", "version: 1"), mistakes);
        var file = new Section(map);
        RequireWork(map, mistakes);
        var reader = new WorkspaceReader(around, mistakes);
        var (workspaces, destinations) = (reader.Workspaces(file.Below("workspaces")), reader.Destinations(file.Below("destinations")));
        var syncs = new SyncReader(around, workspaces, destinations, mistakes);
        return (
            [
                .. (file.Below("syncs")?.Entries ?? []).Where(entry => entry.Value is YamlMap)
                    .SelectMany(entry => syncs.Read(entry.Name, new Section((YamlMap)entry.Value))),
            ],
            [.. new TwoWayReader(around, workspaces, destinations, mistakes).ReadAll(file.Below("two_way"))]);
    }

    private static void RequireWork(YamlMap map, PipelineErrors mistakes)
    {
        if (PipelineKeys.Work.All(key => map.Find(key) is null))
        {
            mistakes.Add(map.Place, "The key syncs is missing in the file.", "Add for example: syncs: {daily: {tables: [campaigns]}}");
        }
    }

    private static IReadOnlyList<string> OwnersOf(PipelineSync sync) =>
    [
        .. sync.Workspaces.Select(workspace => $"workspaces/{workspace.Name}"), $"destinations/{sync.Destination.Name}", $"syncs/{sync.Name}",
    ];

    // What could not be read may need anything.
    private static IEnumerable<string> Owners(
        IReadOnlyDictionary<string, IReadOnlyList<string>> known, IReadOnlyCollection<string> chosen, YamlMap? map) =>
        chosen.All(known.ContainsKey)
            ? chosen.SelectMany(name => known[name]).Append("version")
            : (map?.Entries ?? [])
                .SelectMany(section => (section.Value as YamlMap)?.Entries.Select(entry => $"{section.Name}/{entry.Name}") ?? [])
                .Concat((map?.Entries ?? []).Select(section => section.Name));

    private static IReadOnlyList<string> Names(YamlMap? map, string section) =>
        [.. (map?.Find(section)?.Value as YamlMap)?.Entries.Select(entry => entry.Name) ?? []];

    private static string Text(string path, string name)
    {
        try
        {
            // Not by the length that the system tells: a device or a pipe has none.
            using var reader = File.OpenText(path);
            var text = new char[MostCharacters + 1];
            var length = reader.ReadBlock(text);
            return length <= MostCharacters
                ? new string(text, 0, length)
                : throw new SluiceException(
                    SluiceErrorKind.Config,
                    $"{name} is longer than {MostCharacters} characters, which no pipeline file is.",
                    "--file names another one.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"There is no pipeline file {name}.", "'sluice init' writes one; --file names another.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"The pipeline file {name} can't be read: {error.Message}", inner: error);
        }
    }
}

/// <summary>What a pipeline file is read with.</summary>
public sealed record PipelineContext
{
    /// <summary>Gives the value of a variable, or null.</summary>
    public required Func<string, string?> Variables { get; init; }

    /// <summary>Tells whether a variable is of the file <c>.env</c> or of the environment.</summary>
    public KeyOrigins Origins { get; init; } = KeyOrigins.WithoutFile;

    /// <summary>Gives what makes an address of a destination the same one, and throws when the address is wrong (kind Config).</summary>
    public required Func<string, string> DestinationIdentity { get; init; }

    /// <summary>Adds columns to partition by to an address of files, and throws when that can't be (kind Config).</summary>
    public Func<string, string, string> WithPartitions { get; init; } = (uri, _) => uri;

    /// <summary>Sees that rows of an address's tables can be changed one by one, and throws when they can't (kind Config).</summary>
    public Action<string> RequireTables { get; init; } = _ => { };

    /// <summary>Gives how long the names of tables may be in the destination of an address.</summary>
    public Func<string, NameLimit> TableNames { get; init; } = _ => NameLimit.None;

    /// <summary>The folder for spools.</summary>
    public string WorkFolder { get; init; } = ".sluice";

    /// <summary>Whether variables may be missing, because only the file itself is looked at.</summary>
    public bool MayBeUnset { get; init; }
}
