using System.Text.RegularExpressions;
using Sluice.Engine;
using Sluice.Server.Control;

namespace Sluice.Server.Secrets;

/// <summary>
/// Secrets that are set in the browser or with <c>sluice serve secret</c>: the variables of a pipeline that is in no file. They are written and used,
/// and never shown.
/// </summary>
public sealed partial class SecretStore
{
    private readonly ControlDatabase _control;
    private readonly Seal _seal;
    private readonly TimeProvider _time;

    internal SecretStore(ControlDatabase control, Seal seal, TimeProvider time) => (_control, _seal, _time) = (control, seal, time);

    /// <summary>The secrets by name, without their values.</summary>
    public async Task<IReadOnlyList<SecretEntry>> ListAsync(CancellationToken cancel) =>
        [.. (await RowsAsync(cancel)).Select(row => new SecretEntry(row.Name, row.ChangedAt, row.ChangedBy, _seal.Opens(row.Sealed)))];

    /// <summary>Sets a secret.</summary>
    /// <param name="name">The name of the variable.</param>
    /// <param name="value">The value.</param>
    /// <param name="by">Who sets it.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="SluiceException">The name or the value won't do (kind Config).</exception>
    public async Task SetAsync(string name, string value, string by, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!VariableName().IsMatch(name) || ServerVariables.AreKeptFrom(name))
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"'{name}' is no name for a secret.",
                "It is the name of a variable in the pipeline, as in CUSTOMERIO_APP_API_KEY for ${CUSTOMERIO_APP_API_KEY}.");
        }

        if (value.Length is 0 or > 65_536)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"The value of {name} is {(value.Length == 0 ? "empty" : "too long")}; nothing was changed.");
        }

        await _control.ExecuteAsync(
            """
            INSERT INTO secrets (name, sealed, changed_at, changed_by) VALUES (@Name, @Sealed, @At, @By)
            ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at, changed_by = excluded.changed_by
            """,
            new { Name = name, Sealed = _seal.Close(value, Purpose(name)), At = ControlTime.Of(_time.GetUtcNow()), By = by },
            cancel);
    }

    /// <summary>Removes a secret.</summary>
    /// <exception cref="SluiceException">There is none (kind Config).</exception>
    public async Task RemoveAsync(string name, CancellationToken cancel)
    {
        if (await _control.ExecuteAsync("DELETE FROM secrets WHERE name = @Name", new { Name = name }, cancel) == 0)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"There is no secret '{name}'.", "'sluice serve secret list' lists them.");
        }
    }

    /// <summary>All values by name; those that the key does not open are left out.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> ReadAsync(CancellationToken cancel) => (await RowsAsync(cancel))
        .Select(row => (row.Name, Value: _seal.Open(row.Sealed, Purpose(row.Name))))
        .Where(secret => secret.Value is not null)
        .ToDictionary(secret => secret.Name, secret => secret.Value!, StringComparer.Ordinal);

    /// <summary>Removes what the key does not open, also keys of sessions; gives the names of the secrets.</summary>
    public async Task<IReadOnlyList<string>> ForgetAsync(CancellationToken cancel)
    {
        var lost = (await ListAsync(cancel)).Where(secret => !secret.IsReadable).Select(secret => secret.Name).ToList();
        var keys = (await _control.ListAsync<(string Name, string Sealed)>("SELECT name, sealed FROM data_protection_keys", null, cancel))
            .Where(key => !_seal.Opens(key.Sealed));
        await _control.ChangeAsync(
            async change =>
            {
                await change.ExecuteAsync("DELETE FROM secrets WHERE name = @Name", lost.Select(name => new { Name = name }));
                return await change.ExecuteAsync("DELETE FROM data_protection_keys WHERE name = @Name", keys.Select(key => new { key.Name }));
            },
            cancel);
        return lost;
    }

    /// <summary>Changes whenever a secret does; it gives none away.</summary>
    internal async Task<string> MarkAsync(CancellationToken cancel) =>
        string.Join(' ', (await RowsAsync(cancel)).Select(row => row.Sealed[^16..]));

    private Task<IReadOnlyList<Row>> RowsAsync(CancellationToken cancel) => _control.ListAsync<Row>(
        "SELECT name AS Name, sealed AS Sealed, changed_at AS ChangedAt, changed_by AS ChangedBy FROM secrets ORDER BY name", null, cancel);

    private static string Purpose(string name) => $"secret {name}";

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,99}\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex VariableName();

    private sealed record Row
    {
        public string Name { get; init; } = "";

        public string Sealed { get; init; } = "";

        public long ChangedAt { get; init; }

        public string ChangedBy { get; init; } = "";
    }
}

/// <summary>A secret without its value.</summary>
/// <param name="Name">The name of the variable.</param>
/// <param name="ChangedAt">When it was set, in unix milliseconds.</param>
/// <param name="ChangedBy">Who set it.</param>
/// <param name="IsReadable">Whether the server's key opens it; if not, it must be set again.</param>
public sealed record SecretEntry(string Name, long ChangedAt, string ChangedBy, bool IsReadable);

/// <summary>The server's own secrets, which no pipeline may put into an address that somebody sets in the browser.</summary>
internal static class ServerVariables
{
    private static readonly string[] Kept = [SealKeys.Variable, "SLUICE_CONTROL", "SLUICE_OIDC_CLIENT_SECRET"];

    public static bool AreKeptFrom(string name) => Kept.Contains(name, StringComparer.Ordinal);
}
