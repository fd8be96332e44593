using System.CommandLine;
using Sluice.Destinations;
using Sluice.Engine;

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
    public (string Uri, string Identity) Read(Flags flags, ValidationErrors mistakes)
    {
        var uri = flags.Text(_uri) ?? Default;
        return (uri, mistakes.Collect(() => DestinationRegistry.Identity(uri), ""));
    }
}
