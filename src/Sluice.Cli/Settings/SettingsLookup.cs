using Sluice.Engine;

namespace Sluice.Cli.Settings;

/// <summary>Settings by name: the process's environment first, then the file <c>.env</c> in the current folder.</summary>
internal sealed class SettingsLookup(Func<string, string?> environment, IReadOnlyDictionary<string, string> file)
{
    public static SettingsLookup OfThisProcess(string folder) =>
        new(Environment.GetEnvironmentVariable, DotEnv.Read(Path.Combine(folder, ".env")));

    /// <summary>The value, or null when there is none or an empty one.</summary>
    public string? Find(string name) =>
        environment(name) is { Length: > 0 } value ? value : file.GetValueOrDefault(name) is { Length: > 0 } other ? other : null;

    /// <summary>The folder for everything that runs keep.</summary>
    public string WorkFolder => Find("SLUICE_HOME") ?? ".sluice";

    /// <summary>Creates the work folder with a .gitignore.</summary>
    public static void Prepare(string workFolder)
    {
        try
        {
            Directory.CreateDirectory(workFolder);
            var ignore = Path.Combine(workFolder, ".gitignore");
            if (!File.Exists(ignore))
            {
                File.WriteAllText(ignore, "*\n");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"The work folder {Path.GetFullPath(workFolder)} can't be written: {error.Message}", "Name another one in SLUICE_HOME.", error);
        }
    }
}
