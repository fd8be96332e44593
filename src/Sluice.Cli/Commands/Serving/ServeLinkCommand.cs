using System.CommandLine;
using System.Globalization;
using Sluice.Server;
using Sluice.Server.Auth;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice serve link</c>: a new link to log in with, once.</summary>
internal sealed class ServeLinkCommand(Option<string?> listen)
{
    public Command Build(Administration administration) => administration.Part(
        "link", "Print a new link with which you log in once, to a server that listens on this machine alone", PrintAsync);

    /// <summary>The line with a link.</summary>
    public static string Line(Uri link) =>
        string.Create(CultureInfo.InvariantCulture, $"Log in once, within {LoginLinks.Life.TotalMinutes:0} minutes: {link}");

    private async Task PrintAsync(CommandRun run, ServerAdministration server)
    {
        var address = run.Flags.Text(listen) is { } text && Uri.TryCreate(text, UriKind.Absolute, out var given) ? given : ServerOptions.DefaultListen;
        var link = await server.Links.CreateAsync(address, run.Cancel);
        await Administration.DoneAsync(run, server, "make link", address.Authority, null, Line(link));
    }
}
