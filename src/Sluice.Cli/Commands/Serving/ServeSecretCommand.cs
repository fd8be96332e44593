using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Server.Auth;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice serve secret</c>: the variables of a pipeline that is set in the browser.</summary>
internal sealed class ServeSecretCommand
{
    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "The variable, as in CUSTOMERIO_APP_API_KEY",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _json = Flag.Switch("--json", "Write JSON");

    public Command Build(Administration administration)
    {
        var command = new DocumentedCommand("secret", "Set, list and remove secrets of what is set in the browser; none is ever shown", """
            For example: sluice serve secret set CUSTOMERIO_APP_API_KEY < key.txt
            The value is asked for, or is the first line of stdin. A pipeline in a file takes its variables from the environment instead.
            """);
        command.Add(administration.Part("set", "Set a secret", SetAsync, _name));
        command.Add(administration.Part("list", "List the names of secrets", ListAsync, _json));
        command.Add(administration.Part("remove", "Remove a secret", RemoveAsync, _name));
        command.Add(administration.Part("forget", "Remove what was sealed with a key that is lost; people have to log in again", ForgetAsync));
        return command;
    }

    private async Task SetAsync(CommandRun run, ServerAdministration server)
    {
        var name = Name(run);
        await server.Secrets.SetAsync(name, await HiddenInput.ReadAsync(run, name), Administration.Who, run.Cancel);
        await Administration.DoneAsync(run, server, "set secret", name, null, $"{name} is set.");
    }

    private async Task ListAsync(CommandRun run, ServerAdministration server)
    {
        var secrets = await server.Secrets.ListAsync(run.Cancel);
        await run.Host.Out.WriteAsync(ServeView.Secrets(secrets, run.Flags.IsOn(_json)));
    }

    private async Task RemoveAsync(CommandRun run, ServerAdministration server)
    {
        var name = Name(run);
        await server.Secrets.RemoveAsync(name, run.Cancel);
        await Administration.DoneAsync(run, server, "remove secret", name, null, $"{name} is removed.");
    }

    private static async Task ForgetAsync(CommandRun run, ServerAdministration server)
    {
        var names = await server.Secrets.ForgetAsync(run.Cancel);
        var which = names.Count == 0 ? "no secret" : string.Join(", ", names);
        await Administration.DoneAsync(
            run, server, "forget secrets", which, null, names.Count == 0 ? "No secret was lost." : $"Removed: {which}. Set them again.");
    }

    private string Name(CommandRun run) => Administration.Required(run, _name, "A secret");
}
