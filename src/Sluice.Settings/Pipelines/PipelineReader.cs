using System.Text.RegularExpressions;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Shapes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Reads a pipeline file and tells everything that is wrong with it at once, each with its line and what to do.</summary>
public sealed partial class PipelineReader(PipelineContext around)
{
    /// <summary>The name of the file when none is given.</summary>
    public const string FileName = "sluice.yaml";

    private const int MostCharacters = 4_000_000;

    private static readonly string[] Sections = ["workspaces", "destinations", "syncs", "pushes", "two_way"];

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="chosen">What is to run, by name, so that variables that only others need may be missing; empty for all.</param>
    /// <param name="section">The section of the file that the names are of.</param>
    /// <exception cref="SluiceException">It is not there, or can't be read (kind Config).</exception>
    public PipelineFile ReadFile(
        string path, string name, IReadOnlyCollection<string>? chosen = null, PipelineSection section = PipelineSection.Syncs) =>
        Read(name, Text(path, name), chosen, section);

    /// <summary>Reads a file's text.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="chosen">What is to run, by name, so that variables that only others need may be missing; empty for all.</param>
    /// <param name="section">The section of the file that the names are of.</param>
    public PipelineFile Read(
        string file, string text, IReadOnlyCollection<string>? chosen = null, PipelineSection section = PipelineSection.Syncs)
    {
        var mistakes = new PipelineErrors(file);
        var map = Map(text, mistakes);
        var (syncs, pushes, twoWays, channels) = map is null ? ([], [], [], []) : Read(map, mistakes);
        IReadOnlyList<(string Name, IEnumerable<string> Owners)> owners = section switch
        {
            PipelineSection.Pushes => pushes.ConvertAll(one => (one.Name, Owners(one))),
            PipelineSection.TwoWay => twoWays.ConvertAll(one => (one.Name, Owners(one))),
            _ => syncs.ConvertAll(one => (one.Name, Owners(one))),
        };
        // What channels need is asked for when they are used: a run by hand tells nobody.
        bool IsNeeded(string owner) => !owner.StartsWith("notifications/", StringComparison.Ordinal)
            && (chosen is not { Count: > 0 } || Owners(owners, chosen, map).Contains(owner, StringComparer.Ordinal));
        Func<PipelineError, string?>? entryOf =
            around.LooksAtChosenAlone && map is not null && !Alias().IsMatch(text) ? mistake => EntryOf(map, mistake) : null;
        var spoilt = Spoilt(mistakes, entryOf);
        return new PipelineFile
        {
            Syncs = [.. syncs.Where(one => !spoilt.Contains($"syncs/{one.Name}"))],
            SyncNames = Names(map, "syncs"),
            Pushes = [.. pushes.Where(one => !spoilt.Contains($"pushes/{one.Name}"))],
            PushNames = Names(map, "pushes"),
            TwoWays = twoWays,
            TwoWayNames = Names(map, "two_way"),
            Channels = channels,
            ValidationErrors = mistakes.Of(IsNeeded, entryOf),
            Warnings = mistakes.Warnings,
            Doubts = mistakes.Doubts,
        };
    }

    private static YamlMap? Map(string text, PipelineErrors mistakes)
    {
        var root = YamlReader.Read(text, mistakes);
        if (root is YamlText { IsNull: true } || (root is null && !mistakes.Of(_ => true).Any()))
        {
            mistakes.Add(new Place(1, 1), "The file is empty.", "'sluice init --force' writes one to begin with.");
        }
        else if (root is not null and not YamlMap)
        {
            mistakes.Add(root, $"A pipeline file is a mapping, but this is {root.Kind}.", "Begin with the line: version: 1");
        }

        return root as YamlMap;
    }

    // By what is left of an entry with a mistake, such as one without its schedule, a server would never run it, and nobody would know.
    private static HashSet<string> Spoilt(PipelineErrors mistakes, Func<PipelineError, string?>? entryOf) =>
        entryOf is null ? [] : mistakes.Of(_ => true).Select(entryOf).OfType<string>().ToHashSet(StringComparer.Ordinal);

    // The last entry that begins at the mistake or before it. What an alias brings stands in another entry than it is used in: then all need all.
    private static string? EntryOf(YamlMap file, PipelineError mistake)
    {
        bool IsBefore(YamlEntry entry) =>
            (entry.Key.Place.Line, entry.Key.Place.Column).CompareTo((mistake.Line, mistake.Column)) <= 0;

        var section = file.Entries.LastOrDefault(IsBefore);
        if (section is null || !Sections.Contains(section.Name) || section.Value is not YamlMap entries)
        {
            return null;
        }

        return entries.Entries.LastOrDefault(IsBefore) is { } entry ? $"{section.Name}/{entry.Name}" : null;
    }

    // Not the stars of a cron expression, of which the last may stand before a quotation mark.
    [GeneratedRegex(@"(^|[\s\[{,])\*[\p{L}\p{N}_.-]", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Alias();

    private static IReadOnlyList<string> Names(YamlMap? map, string section) =>
        [.. (map?.Find(section)?.Value as YamlMap)?.Entries.Select(entry => entry.Name) ?? []];

    private (List<PipelineSync> Syncs, List<PipelinePush> Pushes, List<PipelineTwoWay> TwoWays, List<PipelineChannel> Channels) Read(
        YamlMap map, PipelineErrors mistakes)
    {
        new Variables(around.Variables, around.MayBeUnset, mistakes).Expand(map);
        new SecretWarnings(mistakes).Look(map);
        PipelineKeys.File.Check(map, new Subject("the file", "version: 1"), mistakes);
        var file = new Section(map);
        var places = new WorkspaceReader(around, mistakes);
        var (workspaces, destinations) = (places.Workspaces(file.Below("workspaces")), places.Destinations(file.Below("destinations")));
        var syncs = new SyncReader(around, workspaces, destinations, mistakes);
        var pushes = new PushReader(around, workspaces, destinations, mistakes);
        return (
            [.. Entries(file, "syncs").SelectMany(entry => syncs.Read(entry.Name, new Section((YamlMap)entry.Value)))],
            [.. Entries(file, "pushes").SelectMany(entry => pushes.Read(entry.Name, new Section((YamlMap)entry.Value)))],
            [.. new TwoWayReader(around, workspaces, destinations, mistakes).ReadAll(file.Below("two_way"))],
            [.. new NotificationReader([.. Names(map, "syncs"), .. Names(map, "pushes")], mistakes).ReadAll(file.Below("notifications"))]);
    }

    private static IEnumerable<YamlEntry> Entries(Section file, string section) =>
        (file.Below(section)?.Entries ?? []).Where(entry => entry.Value is YamlMap);

    // What could not be read may need anything.
    private static IEnumerable<string> Owners(
        IReadOnlyList<(string Name, IEnumerable<string> Owners)> known, IReadOnlyCollection<string> chosen, YamlMap? map)
    {
        var read = known.Where(one => chosen.Contains(one.Name, StringComparer.Ordinal)).ToList();
        return read.Count < chosen.Count
            ? (map?.Entries ?? [])
                .SelectMany(section => (section.Value as YamlMap)?.Entries.Select(entry => $"{section.Name}/{entry.Name}") ?? [])
                .Concat((map?.Entries ?? []).Select(section => section.Name))
            : read.SelectMany(one => one.Owners).Append("version");
    }

    private static IEnumerable<string> Owners(PipelineSync sync) =>
        [.. sync.Workspaces.Select(workspace => $"workspaces/{workspace.Name}"), $"destinations/{sync.Destination.Name}", $"syncs/{sync.Name}"];

    private static IEnumerable<string> Owners(PipelinePush push) =>
        [$"workspaces/{push.Workspace.Name}", $"destinations/{push.From?.Name}", $"pushes/{push.Name}"];

    private static IEnumerable<string> Owners(PipelineTwoWay one) =>
        [$"workspaces/{one.Workspace.Name}", $"destinations/{one.Database.Name}", $"two_way/{one.Name}"];

    private static string Text(string path, string name)
    {
        try
        {
            // Not by the length that the system tells: a device or a pipe has none.
            using var reader = File.OpenText(name == FileName ? RegularFile.Require(path) : path);
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

    /// <summary>Tells whether an address's destination has views, so that models can be made there.</summary>
    public Func<string, bool> HasModels { get; init; } = _ => true;

    /// <summary>Gives how long the names of tables may be in the destination of an address.</summary>
    public Func<string, NameLimit> TableNames { get; init; } = _ => NameLimit.None;

    /// <summary>Notes what does not go together in a push: target, mode and key.</summary>
    public Action<string, string?, IReadOnlyList<string>, ValidationErrors> CheckPush { get; init; } = (_, _, _, _) => { };

    /// <summary>The folder for spools.</summary>
    public string WorkFolder { get; init; } = ".sluice";

    /// <summary>Whether variables may be missing, because only the file itself is looked at.</summary>
    public bool MayBeUnset { get; init; }

    /// <summary>Whether mistakes in entries that the chosen ones don't need are let by: a server's other syncs go on.</summary>
    public bool LooksAtChosenAlone { get; init; }
}
