using System.CommandLine;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Load;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary>Where to: a database, a folder of files or an object store.</summary>
internal sealed class DestinationOptions
{
    private const string Default = "duckdb:///sluice.duckdb";

    private readonly Option<string?> _uri = Flag.Text(
        "--dest-uri",
        "ADDRESS",
        $"Where to, such as {string.Join(", ", DestinationRegistry.Examples)}; three slashes are a path in this folder, four an absolute one " +
            $"[default: {Default}]"
    );

    public void AddTo(Command command) => command.Add(_uri);

    /// <summary>The address, and the identity that different addresses of the same destination share.</summary>
    public (string Uri, string Identity) Read(CommandRun run, ValidationErrors mistakes)
    {
        var uri = run.Flags.Text(_uri) ?? Default;
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

/// <summary>The destination of commands that need an existing one: an argument, or the default of ingest.</summary>
/// <param name="besides">What else the argument can be, for the help.</param>
internal sealed class DestinationArgument(string? besides = null)
{
    private readonly Argument<string?> _destination = new("DEST")
    {
        Description = $"The destination: an address as --dest-uri takes it, or the path of a DuckDB file{(besides is null ? "" : $"; {besides}")} "
            + "[default: SLUICE_DEST_URI, else duckdb:///sluice.duckdb]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly DestinationOptions _option = new();
    private readonly Option<string?> _schema = Flag.Text("--dest-schema", "SCHEMA", "The schema of the tables [default: customerio]");

    public void AddTo(Command command)
    {
        command.Add(_destination);
        command.Add(_schema);
    }

    /// <summary>What was said, as it is; null when nothing was.</summary>
    public string? Said(Flags flags) => flags.Argument(_destination);

    public string Schema(Flags flags) => flags.Text(_schema) ?? DestinationName.DefaultSchema;

    /// <summary>The address, and the identity that different addresses of the same destination share.</summary>
    public (string Uri, string Identity) Read(CommandRun run, ValidationErrors mistakes)
    {
        if (run.Flags.Argument(_destination) is not { Length: > 0 } named)
        {
            return _option.Read(run, mistakes);
        }

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
