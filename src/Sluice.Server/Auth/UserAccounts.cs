using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Server.Control;

namespace Sluice.Server.Auth;

/// <summary>The users, in the control database.</summary>
/// <param name="control">The control database.</param>
/// <param name="time">The clock.</param>
public sealed partial class UserAccounts(ControlDatabase control, TimeProvider time)
{
    private const string Columns =
        "name AS Name, role AS RoleWord, CASE WHEN password IS NULL THEN 0 ELSE 1 END AS WithPassword, stamp AS Stamp, " +
        "created_at AS CreatedAt, created_by AS CreatedBy";

    /// <summary>All users by name.</summary>
    public Task<IReadOnlyList<UserAccount>> ListAsync(CancellationToken cancel) =>
        control.ListAsync<UserAccount>($"SELECT {Columns} FROM users ORDER BY name", null, cancel);

    /// <summary>A user, or null.</summary>
    public Task<UserAccount?> FindAsync(string name, CancellationToken cancel) =>
        control.FindAsync<UserAccount>($"SELECT {Columns} FROM users WHERE name = @Name", new { Name = Plain(name) }, cancel);

    /// <summary>Adds a user.</summary>
    /// <param name="name">The name, or the e-mail address with which the identity provider knows them.</param>
    /// <param name="role">What they may do.</param>
    /// <param name="password">Their password; null for somebody who logs in with the identity provider.</param>
    /// <param name="by">Who adds them.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="SluiceException">There is one, or the name or the password won't do (kind Config).</exception>
    public async Task AddAsync(string name, Role role, string? password, string by, CancellationToken cancel)
    {
        Check(name);
        name = Plain(name);
        var row = new { Name = name, Role = RoleWords.WordOf(role), Password = Hash(password), At = Now, By = by, Stamp = NewStamp() };
        var added = await control.ExecuteAsync(
            """
            INSERT INTO users (name, role, password, created_at, created_by, stamp) VALUES (@Name, @Role, @Password, @At, @By, @Stamp)
            ON CONFLICT (name) DO NOTHING
            """,
            row,
            cancel);
        if (added == 0)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"There is a user '{name}' already.",
                "'sluice serve user role' changes a role, 'sluice serve user password' a password.");
        }
    }

    /// <summary>Looks at a name before more is asked for.</summary>
    /// <exception cref="SluiceException">It won't do (kind Config).</exception>
    public static void Check(string name)
    {
        if (!Name().IsMatch(Plain(name)))
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"'{name}' is no name for a user.",
                "It has up to 100 letters, digits and any of . _ + - @, as in ada or ada@example.com.");
        }
    }

    /// <summary>Gives a user another role; their sessions end.</summary>
    public Task SetRoleAsync(string name, Role role, CancellationToken cancel) =>
        ChangeAsync(name, "UPDATE users SET role = @Value, stamp = @Stamp WHERE name = @Name", RoleWords.WordOf(role), cancel);

    /// <summary>Gives a user another password; their sessions end.</summary>
    public Task SetPasswordAsync(string name, string password, CancellationToken cancel) =>
        ChangeAsync(name, "UPDATE users SET password = @Value, stamp = @Stamp WHERE name = @Name", Hash(password), cancel);

    /// <summary>Removes a user; their sessions end.</summary>
    public Task RemoveAsync(string name, CancellationToken cancel) => ChangeAsync(name, "DELETE FROM users WHERE name = @Name", null, cancel);

    /// <summary>Whether somebody could log in with a password.</summary>
    public async Task<bool> AnyWithPasswordAsync(CancellationToken cancel) =>
        await control.FindAsync<long>("SELECT count(*) FROM users WHERE password IS NOT NULL", null, cancel) > 0;

    /// <summary>The user whose name and password these are, or null, after the same time.</summary>
    public async Task<UserAccount?> LogInAsync(string name, string password, CancellationToken cancel)
    {
        var stored = await control.FindAsync<string>("SELECT password FROM users WHERE name = @Name", new { Name = Plain(name) }, cancel);
        return PasswordHash.IsRight(stored, password) ? await FindAsync(name, cancel) : null;
    }

    private long Now => ControlTime.Of(time.GetUtcNow());

    private async Task ChangeAsync(string name, string sql, string? value, CancellationToken cancel)
    {
        if (await control.ExecuteAsync(sql, new { Name = Plain(name), Value = value, Stamp = NewStamp() }, cancel) == 0)
        {
            var names = (await ListAsync(cancel)).Select(user => user.Name).ToList();
            throw new SluiceException(
                SluiceErrorKind.Config, $"There is no user '{name}'.", Suggestion.For(name, names) ?? "'sluice serve user list' lists them.");
        }
    }

    private static string? Hash(string? password)
    {
        if (password is null)
        {
            return null;
        }

        PasswordHash.Check(password);
        return PasswordHash.Make(password);
    }

    // Ada and ada are the same, as in e-mail addresses.
    private static string Plain(string name) => name.Trim().ToLowerInvariant();

    private static string NewStamp() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    [GeneratedRegex(@"^[\p{L}\p{N}._+@-]{1,100}\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Name();
}

/// <summary>A user.</summary>
public sealed record UserAccount
{
    /// <summary>The name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What they may do.</summary>
    public Role Role => RoleWords.Find(RoleWord) ?? Role.Reader;

    /// <summary>Whether they have a password; those without log in with the identity provider.</summary>
    public bool HasPassword => WithPassword != 0;

    /// <summary>When the account was made, in unix milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public string CreatedBy { get; init; } = "";

    internal string RoleWord { get; init; } = "";

    internal long WithPassword { get; init; }

    internal string Stamp { get; init; } = "";
}
