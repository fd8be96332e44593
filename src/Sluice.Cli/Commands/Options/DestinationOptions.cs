using System.CommandLine;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Load;
using Sluice.Settings;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Commands;

/// <summary>Where to: a database, a folder of files or an object store.</summary>
/// <param name="description">What the address is for; null where rows are brought to it.</param>
internal sealed class DestinationOptions(string? description = null)
{
    private const string Default = "duckdb:///sluice.duckdb";

    private readonly Option<string?> _uri = Flag.Text(
        "--dest-uri",
        "ADDRESS",
        description
            ?? $"Where to, such as {string.Join(", ", DestinationRegistry.Examples)}; three slashes are a path in this folder, four an absolute "
                + $"one [default: {Default}]");

    public void AddTo(Command command) => command.Add(_uri);

    /// <summary>Whether an address was given, as an argument or by its variable.</summary>
    public bool IsSaid(Flags flags) => flags.Text(_uri) is not null;

    /// <summary>The address, and the identity that different addresses of the same destination share.</summary>
    /// <param name="run">The run.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    /// <param name="otherwise">The address when none was given; null for the usual one.</param>
    public (string Uri, string Identity) Read(CommandRun run, ValidationErrors mistakes, string? otherwise = null)
    {
        var uri = run.Flags.Text(_uri) ?? otherwise ?? Default;
        if (run.Flags.IsGiven(_uri))
        {
            WarnOfPassword(uri, run);
        }

        return (uri, DestinationAddress.Identity(uri, DestinationRegistry.Identity, "", mistakes));
    }

    public static void WarnOfPassword(string uri, CommandRun run, string variable = "SLUICE_DEST_URI")
    {
        if (DestinationAddress.FindPassword(uri) is not null)
        {
            run.Messages.Warn(
                "A password in the arguments can be seen by other users of this machine and stays in the shell's history.",
                $"Put the address into {variable}, in the environment or in a file .env here.");
        }
    }
}

/// <summary>The destination of commands that need an existing one: an argument, the pipeline file's only one, or the default of ingest.</summary>
/// <param name="besides">What else the argument can be, for the help.</param>
internal sealed class DestinationArgument(string? besides = null)
{
    private readonly Argument<string?> _destination = new("DEST")
    {
        Description = "The destination: an address as --dest-uri takes it, the path of a DuckDB file, or the name of a sync or destination of the "
            + $"pipeline file{(besides is null ? "" : $"; {besides}")} "
            + "[default: SLUICE_DEST_URI, else the pipeline file's only one, else duckdb:///sluice.duckdb]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly DestinationOptions _option = new();
    private readonly Option<string?> _schema = Flag.Text("--dest-schema", "SCHEMA", "The schema of the tables [default: customerio]");

    /// <summary>The pipeline file in which names are looked up.</summary>
    public PipelineFileOption File { get; } = new();

    public void AddTo(Command command)
    {
        command.Add(_destination);
        command.Add(_schema);
        File.AddTo(command);
    }

    /// <summary>What was said, as it is; null when nothing was.</summary>
    public string? Said(Flags flags) => flags.Argument(_destination);

    /// <summary>Finds the destination, and with it the workspace where the pipeline file says which one is read into it.</summary>
    public ChosenDestination Read(CommandRun run, ValidationErrors mistakes)
    {
        var named = run.Flags.Argument(_destination) is { Length: > 0 } said ? said : null;
        var place = IsName(named, run) ? PipelinePlace.Find(File, named, run) : null;
        if (named is null && place is { Destination: null, Destinations: { Count: > 1 } several })
        {
            mistakes.Add($"{place.Name} has {several.Count} destinations.", $"Name one of {string.Join(", ", several)}.");
        }

        var schema = run.Flags.Text(_schema) ?? place?.Schema ?? DestinationName.DefaultSchema;
        var (uri, identity) = place?.Destination is not null ? Found(place, mistakes)
            : named is null ? _option.Read(run, mistakes)
            : AddressOf(named, run, mistakes);
        return new ChosenDestination(uri, identity, schema, place?.Workspace);
    }

    // A file that is there is meant, whatever else has its name.
    private bool IsName(string? named, CommandRun run) => named is null
        ? !_option.IsSaid(run.Flags)
        : !named.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(run.Host.Folder, named));

    private static (string Uri, string Identity) Found(PipelinePlace place, ValidationErrors mistakes) =>
        (place.Address(mistakes) ?? "", place.Destination!.Identity);

    private static (string Uri, string Identity) AddressOf(string named, CommandRun run, ValidationErrors mistakes)
    {
        DestinationOptions.WarnOfPassword(named, run);
        var uri = named.Contains("://", StringComparison.Ordinal) ? named : $"duckdb:///{named.Replace("?", "%3F", StringComparison.Ordinal)}";
        return (uri, DestinationAddress.Identity(uri, DestinationRegistry.Identity, "", mistakes));
    }

    /// <summary>Opens an existing destination, without creating a file.</summary>
    public static async Task<IDestination> OpenAsync(string uri, CancellationToken cancel) =>
        DestinationFile.OtherKind(uri) is { } other ? throw other
        : DestinationFile.IsMissing(uri)
            ? throw new SluiceException(
                SluiceErrorKind.Config,
                DestinationFile.Missing(uri),
                $"Name the {(DestinationRegistry.FolderOf(uri) is null ? "file" : "folder")} that 'sluice ingest' wrote, as in: sluice history " +
                    $"crm.duckdb"
            )
            : await DestinationRegistry.OpenAsync(uri, cancel);

    /// <summary>The destination table's name of a source such as campaign_metrics:days, or a table's own name.</summary>
    public static string TableOf(string name) => name.Split('.')[^1].Replace(':', '_');
}

/// <summary>A destination that is there, and how its tables are found.</summary>
/// <param name="Uri">The address, which may hold a password.</param>
/// <param name="Identity">What different addresses of the same destination share.</param>
/// <param name="Schema">The schema of the tables.</param>
/// <param name="Workspace">The workspace that the pipeline file reads into it; null when it does not say.</param>
internal sealed record ChosenDestination(string Uri, string Identity, string Schema, PipelineWorkspace? Workspace);

/// <summary>Into which folders files are put.</summary>
internal sealed class PartitionOptions
{
    private readonly Option<string[]> _partitions = Flag.Several(
        "--partition-by",
        "COLUMN[:day|month|year]",
        "Of files: put rows into folders by a column of times, repeated or with commas, as Hive does [default: by day]");

    public void AddTo(Command command) => command.Add(_partitions);

    /// <summary>Gives the address with what was asked for in it.</summary>
    public string AddTo(string uri, Flags flags, ValidationErrors mistakes) =>
        flags.List(_partitions) is { Count: > 0 } list
            ? mistakes.Collect(() => DestinationRegistry.WithPartitions(uri, string.Join(',', list)), uri)
            : uri;
}
