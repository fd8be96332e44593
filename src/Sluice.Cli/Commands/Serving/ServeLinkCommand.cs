using System.CommandLine;
using System.Globalization;
using Sluice.Engine;
using Sluice.Server.Auth;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice serve link</c>: a new link to log in with, once.</summary>
internal sealed class ServeLinkCommand(ServeAddressOptions address)
{
    public Command Build(Administration administration) => administration.Part(
        "link", "Print a new link with which you log in once, to a server that listens on this machine alone", PrintAsync);

    /// <summary>The line with a link.</summary>
    public static string Line(Uri link) =>
        string.Create(CultureInfo.InvariantCulture, $"Log in once, within {LoginLinks.Life.TotalMinutes:0} minutes: {link}");

    private async Task PrintAsync(CommandRun run, ServerAdministration server)
    {
        var mistakes = new ValidationErrors();
        var listen = address.Reached(run, mistakes);
        mistakes.ThrowIfAny();
        var link = await server.Links.CreateAsync(listen, run.Cancel);
        await Administration.DoneAsync(run, server, "make link", listen.Authority, null, Line(link));
    }
}
