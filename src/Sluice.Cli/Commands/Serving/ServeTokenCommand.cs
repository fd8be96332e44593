using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Server.Auth;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice serve token</c>: tokens with which programs use the server's API.</summary>
internal sealed class ServeTokenCommand
{
    private const string Life = "90d";

    private readonly Argument<string?> _name = new("NAME") { Description = "What uses the token", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string[]> _scopes = Flag.Several(
        "--scope", "read,run,admin,query", "What it is for: read, also run, also admin; query is apart [default: read]");
    private readonly Option<string?> _expires = Flag.Text("--expires", "TIME", $"How long it is good, as in 12h or 365d [default: {Life}]");
    private readonly Option<bool> _json = Flag.Switch("--json", "Write JSON");

    public Command Build(Administration administration)
    {
        var command = new DocumentedCommand("token", "Create, list and revoke tokens of the server's API", """
            For example: sluice serve token create airflow --scope run --expires 90d
                         sluice serve token revoke airflow
            The token is printed once, alone on stdout; the server keeps its hash.
            """);
        command.Add(administration.Part("create", "Create a token and print it", CreateAsync, _name, _scopes, _expires));
        command.Add(administration.Part("list", "List tokens", ListAsync, _json));
        command.Add(administration.Part("revoke", "End a token, by its name or its id", RevokeAsync, _name));
        return command;
    }

    private async Task CreateAsync(CommandRun run, ServerAdministration server)
    {
        var mistakes = new ValidationErrors();
        var life = DurationText.Read(_expires.Name, run.Flags.Text(_expires) ?? Life, mistakes);
        mistakes.ThrowIfAny();
        var name = Name(run);
        var scopes = Words(run.Flags.List(_scopes)).DefaultIfEmpty(TokenScope.Read).ToList();
        var token = await server.Tokens.CreateAsync(name, scopes, life ?? TimeSpan.Zero, Administration.Who, run.Cancel);
        run.Messages.Info($"The token {name} may {string.Join(", ", scopes)}. It is shown once:");
        await Administration.DoneAsync(run, server, "create token", name, string.Join(' ', scopes), token);
    }

    private async Task ListAsync(CommandRun run, ServerAdministration server)
    {
        var tokens = await server.Tokens.ListAsync(run.Cancel);
        await run.Host.Out.WriteAsync(ServeView.Tokens(tokens, run.Host.Time.GetUtcNow(), run.Flags.IsOn(_json)));
    }

    private async Task RevokeAsync(CommandRun run, ServerAdministration server)
    {
        var name = Name(run);
        await server.Tokens.RevokeAsync(name, run.Cancel);
        await Administration.DoneAsync(run, server, "revoke token", name, null, $"The token {name} is good for nothing any more.");
    }

    private static IEnumerable<string> Words(IReadOnlyList<string> texts) =>
        texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private string Name(CommandRun run) => Administration.Required(run, _name, "A token");
}
