using System.Text.RegularExpressions;
using Sluice.Benchmarks.Kill;

namespace Sluice.ServerTests.Documentation;

/// <summary>The pages that users read.</summary>
internal static partial class Pages
{
    public static IReadOnlyList<string> All { get; } =
    [
        "README.md", "CONTRIBUTING.md", "SECURITY.md",
        .. Directory.EnumerateFiles(Path.Combine(BuiltTool.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(BuiltTool.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    /// <summary>The blocks of code of a page that are in one of the languages.</summary>
    public static IReadOnlyList<string> Blocks(string page, params IEnumerable<string> languages) =>
        [.. Block().Matches(Read(page)).Where(block => languages.Contains(block.Groups[1].Value)).Select(block => block.Groups[2].Value)];

    /// <summary>The commands of a page, in their order; one over several lines is one.</summary>
    public static IReadOnlyList<string> Commands(string page) =>
        [.. Blocks(page, "bash", "sh").SelectMany(block => Continued().Replace(block, " ").Split('\n'))
            .Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];

    private static string Read(string page) => File.ReadAllText(Path.Combine(BuiltTool.Root, page)).ReplaceLineEndings("\n");

    [GeneratedRegex("^ *```([a-z]+)\n(.*?)^ *```$", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Block();

    [GeneratedRegex(@"\\\n\s*", RegexOptions.NonBacktracking)]
    private static partial Regex Continued();
}
