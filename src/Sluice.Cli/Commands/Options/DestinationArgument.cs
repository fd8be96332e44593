using System.CommandLine;
using Sluice.Cli.Checks;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Load;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary>The destination of commands that need an existing one: an argument, or the default of ingest.</summary>
internal sealed class DestinationArgument
{
    private readonly Argument<string?> _destination = new("DEST")
    {
        Description = "The destination: an address as --dest-uri takes it, or the path of a DuckDB file "
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

    public string Schema(Flags flags) => flags.Text(_schema) ?? DestinationTable.DefaultSchema;

    /// <summary>The address, and the identity that different addresses of the same destination share.</summary>
    public (string Uri, string Identity) Read(Flags flags, ValidationErrors mistakes)
    {
        if (flags.Argument(_destination) is not { Length: > 0 } named)
        {
            return _option.Read(flags, mistakes);
        }

        var uri = named.Contains("://", StringComparison.Ordinal) ? named : $"duckdb:///{named}";
        return (uri, mistakes.Collect(() => DestinationRegistry.Identity(uri), ""));
    }

    /// <summary>Opens an existing destination, without creating a file.</summary>
    public static async Task<IDestination> OpenAsync(string uri, CancellationToken cancel) =>
        DestinationFile.IsMissing(uri)
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
