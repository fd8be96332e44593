using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sluice.Tests.Repository;
using Xunit;

namespace Sluice.Tests.Architecture;

public sealed partial class ArchitectureTests
{
    private const int MostLines = 300;

    private static readonly Dictionary<string, string[]> MayReference = new(StringComparer.Ordinal)
    {
        ["Sluice.CustomerIo"] = [],
        ["Sluice.Simulator"] = [],
        ["Sluice.Engine"] = ["Sluice.CustomerIo"],
        ["Sluice.Settings"] = ["Sluice.CustomerIo", "Sluice.Engine"],
        ["Sluice.Destinations"] = ["Sluice.Engine"],
        ["Sluice.Cli"] = ["Sluice.CustomerIo", "Sluice.Destinations", "Sluice.Engine", "Sluice.Settings", "Sluice.Simulator"],
    };

    // Each folder of the engine may use those before it.
    private static readonly string[] EngineFolders = ["DuckDb", "Catalog", "Masking", "State", "Extract", "Spool", "Shape", "Load", "Runs", "Audit"];

    private static readonly string[] ForbiddenFolders = ["Core", "Common", "Helpers", "Helper", "Managers", "Utils", "Util", "Misc", "Shared"];

    [Fact]
    public void A_project_references_only_what_its_wall_allows()
    {
        var found = Checkout.Files("src", "*.csproj").ToDictionary(file => Path.GetFileNameWithoutExtension(file), References);

        Assert.Equal(MayReference.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(found, project => Assert.Empty(project.Value.Except(MayReference[project.Key], StringComparer.Ordinal)));
    }

    [Fact]
    public void The_engines_folders_use_each_other_in_one_direction()
    {
        var backwards = Checkout.Files("src/Sluice.Engine", "*.cs")
            .SelectMany(file => UsedFolders(file).Select(used => (File: file["src/Sluice.Engine/".Length..], Used: used)))
            .Where(use => use.File.Contains('/', StringComparison.Ordinal) && Position(use.Used) > Position(use.File.Split('/')[0]))
            .Select(use => $"{use.File} -> {use.Used}");

        Assert.Empty(backwards.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void The_engine_has_the_folders_that_are_ordered_here()
    {
        var folders = Checkout.Files("src/Sluice.Engine", "*.cs").Select(file => file.Split('/')).Where(parts => parts.Length > 3).Select(parts => parts[2]);

        Assert.Equal(EngineFolders.Order(StringComparer.Ordinal), folders.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_folder_has_a_name_that_says_nothing() => Assert.DoesNotContain(
        Checkout.Files("src", "*.cs").SelectMany(file => file.Split('/').SkipLast(1)),
        folder => ForbiddenFolders.Contains(folder, StringComparer.OrdinalIgnoreCase));

    [Fact]
    public void No_file_is_longer_than_300_lines() => Assert.DoesNotContain(
        new[] { "src", "tests", "bench" }.SelectMany(folder => Checkout.Files(folder, "*.cs")),
        file => Checkout.Read(file).Count(letter => letter == '\n') > MostLines);

    private static IEnumerable<string> References(string project) =>
        XDocument.Parse(Checkout.Read(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

    private static IEnumerable<string> UsedFolders(string file) => EngineUse().Matches(Checkout.Read(file)).Select(use => use.Groups[1].Value).Where(EngineFolders.Contains);

    private static int Position(string folder) => Array.IndexOf(EngineFolders, folder);

    [GeneratedRegex(@"^using Sluice\.Engine\.(\w+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex EngineUse();
}
