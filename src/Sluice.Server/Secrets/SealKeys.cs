using System.Security.Cryptography;
using Sluice.Engine;

namespace Sluice.Server.Secrets;

/// <summary>Where the keys come from that secrets are sealed with: a variable, or a file in the work folder that the first start makes.</summary>
internal static class SealKeys
{
    /// <summary>The variable: one key, or several with commas, of which the first seals and the others still open.</summary>
    public const string Variable = "SLUICE_SECRET_KEY";

    /// <summary>The file in the work folder.</summary>
    public const string FileName = "serve.key";

    public const int Bytes = 32;

    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Advice = "'openssl rand -base64 32' makes one.";

    /// <summary>Reads the keys, or makes one in a file.</summary>
    /// <exception cref="SluiceException">There is none, or it won't do (kind Config).</exception>
    public static IReadOnlyList<byte[]> Read(Func<string, string?> variables, string workFolder, bool isShared)
    {
        if (variables(Variable) is { } text)
        {
            return [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
        }

        if (isShared)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{Variable} is not set: nodes that share a control database need the same key to open what is sealed in it.",
                $"Set it to 32 random bytes in base64, the same on each node. {Advice}");
        }

        var path = Path.Combine(workFolder, FileName);
        return [File.Exists(path) ? ReadFile(path) : MakeFile(path)];
    }

    private static byte[] Parse(string text)
    {
        var key = new byte[Bytes];
        return Convert.TryFromBase64String(text, key, out var length) && length == Bytes
            ? key
            : throw new SluiceException(
                SluiceErrorKind.Config, $"{Variable} is no key: it takes 32 bytes in base64, or several of them with commas.", Advice);
    }

    private static byte[] ReadFile(string path)
    {
        if (RegularFile.SpecialKind(path) is { } kind)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"{path} is {kind}, and should be the file with the key that opens the server's secrets.", "Remove it.");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnersAlone) != UnixFileMode.None)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"{path} could be read by others: it holds the key that opens the server's secrets.", $"chmod 600 {path}");
        }

        var key = new byte[Bytes];
        return Convert.TryFromBase64String(File.ReadAllText(path).Trim(), key, out var length) && length == Bytes
            ? key
            : throw new SluiceException(
                SluiceErrorKind.Config,
                $"{path} holds no key.",
                "Put the file back as it was. If it is lost, remove it: a new one is made, and secrets must be set again.");
    }

    private static byte[] MakeFile(string path)
    {
        var key = RandomNumberGenerator.GetBytes(Bytes);
        var made = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            made.UnixCreateMode = OwnersAlone;
        }

        // Under another name first: whoever finds the file finds the whole key, also after a crash.
        var draft = $"{path}.{Guid.NewGuid():N}";
        using (var file = new FileStream(draft, made))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(key)));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, path, overwrite: false);
            return key;
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
            File.Delete(draft);
            return ReadFile(path);
        }
    }
}
