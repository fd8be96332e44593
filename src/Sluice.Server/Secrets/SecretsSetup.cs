using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sluice.Engine;
using Sluice.Server.Control;

namespace Sluice.Server.Secrets;

/// <summary>What keeps secrets.</summary>
internal static class SecretsSetup
{
    private static readonly TimeSpan KeyLife = TimeSpan.FromDays(90);

    public static IServiceCollection AddSecrets(this IServiceCollection services, Seal seal)
    {
        services.AddDataProtection().SetApplicationName("sluice serve").SetDefaultKeyLifetime(KeyLife);
        return services
            .AddSingleton(seal)
            .AddSingleton(parts => new SecretStore(
                parts.GetRequiredService<ControlDatabase>(), parts.GetRequiredService<Seal>(), parts.GetRequiredService<TimeProvider>()))
            .AddSingleton<IConfigureOptions<KeyManagementOptions>>(parts => new ConfigureOptions<KeyManagementOptions>(keys =>
                keys.XmlRepository = new SealedKeyRing(parts.GetRequiredService<ControlDatabase>(), parts.GetRequiredService<Seal>())));
    }

    /// <summary>
    /// Makes the first key of cookies: several nodes that start at once must not make one each, for then logins hold on one node alone.
    /// </summary>
    public static Task PrepareKeysAsync(IServiceProvider parts, CancellationToken cancel)
    {
        var control = parts.GetRequiredService<ControlDatabase>();
        var keys = parts.GetRequiredService<IKeyManager>();
        return control.IsShared
            ? control.ChangeAsync(
                async change =>
                {
                    await change.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtext('sluice_control keys'))");
                    MakeFirst(keys);
                    return true;
                },
                cancel)
            : Task.CompletedTask;
    }

    /// <summary>Refuses a key that is not the one that the database was sealed with: a node with it would run syncs without their keys.</summary>
    /// <exception cref="SluiceException">Something in the database is sealed with another key (kind Config).</exception>
    public static async Task CheckAsync(ControlDatabase control, Seal seal, CancellationToken cancel)
    {
        var all = await control.ListAsync<string>("SELECT sealed FROM secrets UNION ALL SELECT sealed FROM data_protection_keys", null, cancel);
        if (all.FirstOrDefault(text => !seal.Opens(text)) is { } other)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The control database was sealed with another key (its mark is {Seal.KeyIdOf(other)}) than the server has.",
                $"Set {SealKeys.Variable}, or put {SealKeys.FileName} back into the work folder. If the key is lost, 'sluice serve secret forget' " +
                    "removes what it sealed; then secrets are set again, and people log in again.");
        }
    }

    private static void MakeFirst(IKeyManager keys)
    {
        if (keys.GetAllKeys().Count == 0)
        {
            var now = TimeProvider.System.GetUtcNow();
            keys.CreateNewKey(now, now + KeyLife);
        }
    }
}
