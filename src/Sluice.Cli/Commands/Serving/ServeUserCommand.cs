using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Server.Auth;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice serve user</c>: who may log in.</summary>
internal sealed class ServeUserCommand
{
    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "The user; an e-mail address, if they log in with an identity provider",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Argument<string?> _role = new("ROLE") { Description = "reader, operator or admin", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<string?> _roleOption = Flag.Text(
        "--role", "reader|operator|admin", "Readers look, operators also run and query, admins also change settings [default: reader]");

    private readonly Option<bool> _withoutPassword = Flag.Switch(
        "--no-password", "Ask for no password: the user logs in with the identity provider");

    private readonly Option<bool> _json = Flag.Switch("--json", "Write JSON");

    public Command Build(Administration administration)
    {
        var command = new DocumentedCommand("user", "Add, list and remove those who may log in to the server", """
            For example: sluice serve user add ada --role admin
                         sluice serve user add grace@example.com --role reader --no-password
                         sluice serve user role ada operator
            A password is asked for, or is the first line of stdin.
            """);
        command.Add(administration.Part("add", "Add a user", AddAsync, _name, _roleOption, _withoutPassword));
        command.Add(administration.Part("list", "List users", ListAsync, _json));
        command.Add(administration.Part("role", "Give a user another role; their sessions end", ChangeRoleAsync, _name, _role));
        command.Add(administration.Part("password", "Give a user another password; their sessions end", ChangePasswordAsync, _name));
        command.Add(administration.Part("remove", "Remove a user; their sessions end", RemoveAsync, _name));
        return command;
    }

    private async Task AddAsync(CommandRun run, ServerAdministration server)
    {
        var name = Name(run);
        var role = ReadRole(run.Flags.Text(_roleOption) ?? RoleWords.All[0]);
        UserAccounts.Check(name);
        var password = run.Flags.IsOn(_withoutPassword) ? null : await HiddenInput.ReadAsync(run, "Password");
        await server.Users.AddAsync(name, role, password, Administration.Who, run.Cancel);
        var word = RoleWords.WordOf(role);
        await Administration.DoneAsync(run, server, "add user", name, word, $"{name} may log in as {word}.");
    }

    private async Task ListAsync(CommandRun run, ServerAdministration server)
    {
        var users = await server.Users.ListAsync(run.Cancel);
        await run.Host.Out.WriteAsync(ServeView.Users(users, run.Flags.IsOn(_json)));
    }

    private async Task ChangeRoleAsync(CommandRun run, ServerAdministration server)
    {
        var name = Name(run);
        var role = ReadRole(Administration.Required(run, _role, "A role"));
        await server.Users.SetRoleAsync(name, role, run.Cancel);
        var word = RoleWords.WordOf(role);
        await Administration.DoneAsync(run, server, "change role", name, word, $"{name} is {word} now and has to log in again.");
    }

    private async Task ChangePasswordAsync(CommandRun run, ServerAdministration server)
    {
        var name = Name(run);
        await server.Users.SetPasswordAsync(name, await HiddenInput.ReadAsync(run, "Password"), run.Cancel);
        await Administration.DoneAsync(run, server, "change password", name, null, $"{name} has another password and has to log in again.");
    }

    private async Task RemoveAsync(CommandRun run, ServerAdministration server)
    {
        var name = Name(run);
        await server.Users.RemoveAsync(name, run.Cancel);
        await Administration.DoneAsync(run, server, "remove user", name, null, $"{name} may not log in any more.");
    }

    private string Name(CommandRun run) => Administration.Required(run, _name, "A user");

    private static Role ReadRole(string word) => RoleWords.Find(word)
        ?? throw new SluiceException(SluiceErrorKind.Config, $"There is no role '{word}'.", $"There are {string.Join(", ", RoleWords.All)}.");
}
