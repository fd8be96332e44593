using System.Runtime.CompilerServices;

namespace Sluice.ServerTests.Cli;

/// <summary>
/// The sources as somebody gets them, not built yet, and a PATH with no more than what <c>./sluice</c> may need: no Node.js, no npm.
/// </summary>
public sealed class FreshCheckout : IDisposable
{
    private static readonly string[] Programs = ["bash", "cat", "dotnet", "find", "flock", "grep", "mkdir", "mv", "readlink", "tr"];

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-checkout-").FullName;

    public FreshCheckout()
    {
        CopyFiles(Root, _folder);
        CopyTree(Path.Combine(Root, "src"), Path.Combine(_folder, "src"));
        Directory.CreateDirectory(SearchPath);
        foreach (var program in Programs)
        {
            File.CreateSymbolicLink(Path.Combine(SearchPath, program), Find(program));
        }
    }

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", ".."));

    public string Script => Path.Combine(_folder, "sluice");

    public string SearchPath => Path.Combine(_folder, "programs");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void CopyTree(string from, string to)
    {
        Directory.CreateDirectory(to);
        CopyFiles(from, to);
        foreach (var folder in Directory.EnumerateDirectories(from).Where(folder => Path.GetFileName(folder) is not ("bin" or "obj")))
        {
            CopyTree(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    private static void CopyFiles(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static string Find(string program) =>
        Environment
            .GetEnvironmentVariable("PATH")!
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"{program} is not in PATH.", program);

    private static string Here([CallerFilePath] string here = "") => here;
}
