using Sluice.Engine.Runs;
using Sluice.Server.Control;
using Sluice.Server.Secrets;

namespace Sluice.Server.Auth;

/// <summary>Users, tokens and secrets of a server, for commands; the server may run meanwhile.</summary>
public sealed class ServerAdministration : IAsyncDisposable
{
    private readonly ControlDatabase _control;
    private readonly Func<SecretStore> _secrets;

    private ServerAdministration(ControlDatabase control, TimeProvider time, Func<SecretStore> secrets)
    {
        (_control, _secrets) = (control, secrets);
        Users = new UserAccounts(control, time);
        Tokens = new AccessTokens(control, time);
        Links = new LoginLinks(Tokens, control);
        Trail = new AuditTrail(control, time);
    }

    /// <summary>The users.</summary>
    public UserAccounts Users { get; }

    /// <summary>The tokens of the API.</summary>
    public AccessTokens Tokens { get; }

    /// <summary>Links to log in with, once.</summary>
    public LoginLinks Links { get; }

    /// <summary>Who did what.</summary>
    public AuditTrail Trail { get; }

    /// <summary>The secrets; they need the server's key.</summary>
    public SecretStore Secrets => _secrets();

    /// <summary>Opens what a server has.</summary>
    /// <param name="workFolder">The folder for spools, journals and the control database.</param>
    /// <param name="address">The address of a PostgreSQL database that several nodes share; null for a SQLite file in the work folder.</param>
    /// <param name="variables">Gives the value of a variable of the environment or of .env, or null.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<ServerAdministration> OpenAsync(
        string workFolder, string? address, Func<string, string?> variables, TimeProvider time, CancellationToken cancel)
    {
        WorkFolder.Prepare(workFolder);
        var control = await ControlDatabase.OpenAsync(address ?? ServerOptions.ControlFile(workFolder), time, cancel);
        return new ServerAdministration(
            control, time, () => new SecretStore(control, new Seal(SealKeys.Read(variables, workFolder, control.IsShared)), time));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _control.DisposeAsync();
}
