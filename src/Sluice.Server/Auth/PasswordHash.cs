using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sluice.Engine;

namespace Sluice.Server.Auth;

/// <summary>Passwords as they are stored: PBKDF2 with SHA-256, a salt for each, and the number of rounds beside it so that it can grow.</summary>
internal static class PasswordHash
{
    public const int Rounds = 600_000;
    private const int LeastLetters = 10;
    private const int MostLetters = 1000;
    private const string Kind = "pbkdf2-sha256";
    private const int Bytes = 32;

    // Nobody's password: who is not there is refused after the same work.
    private static readonly string Nobodys = Make(Convert.ToHexString(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>Says what a password lacks, or nothing.</summary>
    /// <exception cref="SluiceException">It is too short or too long (kind Config).</exception>
    public static void Check(string password)
    {
        if (password.Length is < LeastLetters or > MostLetters)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                password.Length < LeastLetters
                    ? $"The password is too short: it needs {LeastLetters} characters or more."
                    : $"The password is too long: it may have up to {MostLetters} characters.",
                "Several words that have nothing to do with each other are easy to remember and hard to guess.");
        }
    }

    public static string Make(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Kind}${Rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(Derive(password, salt, Rounds, Bytes))}");
    }

    /// <summary>Whether it is the password; takes as long where there is none.</summary>
    public static bool IsRight(string? stored, string password)
    {
        if (password.Length is 0 or > MostLetters)
        {
            return false;
        }

        var parts = (stored ?? Nobodys).Split('$');
        var (salt, expected) = (Convert.FromBase64String(parts[2]), Convert.FromBase64String(parts[3]));
        var found = Derive(password, salt, int.Parse(parts[1], CultureInfo.InvariantCulture), expected.Length);
        return CryptographicOperations.FixedTimeEquals(found, expected) && stored is not null;
    }

    private static byte[] Derive(string password, byte[] salt, int rounds, int length) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, rounds, HashAlgorithmName.SHA256, length);
}
