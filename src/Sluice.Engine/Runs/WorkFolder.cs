namespace Sluice.Engine.Runs;

/// <summary>The folder for everything that runs keep.</summary>
public static class WorkFolder
{
    /// <summary>Creates the folder with a .gitignore.</summary>
    /// <exception cref="SluiceException">It can't be written (kind Config).</exception>
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
                SluiceErrorKind.Config,
                $"The work folder {Path.GetFullPath(workFolder)} can't be written: {error.Message}",
                "Name another one in SLUICE_HOME.",
                error);
        }
    }
}
