using System.Diagnostics;

namespace Sluice.Benchmarks.Kill;

/// <summary>
/// The tool as <c>./sluice</c> builds it: compiled ahead, as its users have it, and without a script around it that a signal would hit instead.
/// </summary>
internal static class BuiltTool
{
    private static readonly Lazy<string> Built = new(Build);

    public static string Root { get; } = FindRoot();

    public static string Script { get; } = Path.Combine(Root, "sluice");

    public static string Program => Built.Value;

    private static string Build()
    {
        using var build = Process.Start(new ProcessStartInfo(Script, ["--version"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        return build.ExitCode == 0
            ? Path.Combine(Root, ".build", "bin", "sluice")
            : throw new InvalidOperationException("./sluice does not build: run it to see why.");
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Sluice.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Run it from a checkout.");
        }

        return folder;
    }
}
