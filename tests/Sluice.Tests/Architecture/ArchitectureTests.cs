using System.Xml.Linq;
using Sluice.Tests.Repository;
using Xunit;

namespace Sluice.Tests.Architecture;

public sealed class ArchitectureTests
{
    private const int MostLinesOfAFile = 300;
    private const int MostLinesOfAMethod = 40;
    private const int MostLettersOfALine = 150;
    private const int MostFilesOfAFolder = 30;

    private static readonly string[] ForbiddenFolders = ["Core", "Common", "Helpers", "Helper", "Managers", "Utils", "Util", "Misc", "Shared"];

    [Fact]
    public void A_project_references_only_what_its_wall_allows()
    {
        var found = Checkout.Files("src", "*.csproj").ToDictionary(file => Path.GetFileNameWithoutExtension(file), References);

        Assert.Equal(Walls.Projects.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(found, project => Assert.Empty(project.Value.Except(Walls.Projects[project.Key], StringComparer.Ordinal)));
    }

    [Fact]
    public void A_folder_uses_only_what_is_listed_for_it()
    {
        var used = FolderUses.Read();
        var more = used.Where(edge => !Walls.Edges.Contains(edge.Key));
        None(more.Select(edge => $"{edge.Key.From} → {edge.Key.To} (as {edge.Value} does)").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_listed_is_used()
    {
        var used = FolderUses.Read();
        None(Walls.Edges.Where(edge => !used.ContainsKey(edge)).Select(edge => $"{edge.From} → {edge.To}"));
    }

    [Fact]
    public void Only_the_edges_that_are_known_lead_back() => None(Walls.Edges
        .Where(edge => Walls.Edges.Contains((edge.To, edge.From)) && !IsPart(edge.From, edge.To) && !IsPart(edge.To, edge.From))
        .Except(Walls.Circles)
        .Select(edge => $"{edge.From} → {edge.To}"));

    [Fact]
    public void A_file_lies_in_the_folder_of_its_namespace_or_in_a_part_of_it() => None(Checkout.Files("src", "*.cs")
        .Where(file => NamespaceOf(file) is { } name && !$"{FolderOf(file)}.".StartsWith($"{name}.", StringComparison.Ordinal))
        .Select(file => $"{file}: {NamespaceOf(file)}"));

    [Fact]
    public void No_folder_has_a_name_that_says_nothing() => Assert.DoesNotContain(
        Checkout.Files("src", "*.cs").SelectMany(file => file.Split('/').SkipLast(1)),
        folder => ForbiddenFolders.Contains(folder, StringComparer.OrdinalIgnoreCase));

    [Fact]
    public void No_folder_has_more_files_than_a_reader_can_survey() => None(Checkout.Files("src", "*.cs")
        .CountBy(FolderOf)
        .Where(folder => folder.Value > MostFilesOfAFolder)
        .Select(folder => $"{folder.Key}: {folder.Value}"));

    [Fact]
    public void No_file_is_longer_than_300_lines() =>
        None(Sources().Where(file => Checkout.Read(file).Count(letter => letter == '\n') > MostLinesOfAFile));

    [Fact]
    public void No_line_is_longer_than_150_characters() => None(Sources().SelectMany(file => Checkout.Read(file)
        .Split('\n')
        .Select((line, at) => (Place: $"{file}:{at + 1}", Text: line))
        .Where(line => line.Text.Length > MostLettersOfALine && !IsDataOfATest(file, line.Text))
        .Select(line => $"{line.Place}: {line.Text.Length}")));

    [Fact]
    public void No_method_is_longer_than_40_lines_and_half_of_them_have_at_most_10()
    {
        var methods = MethodLengths.Read();

        None(methods.Where(method => method.Lines > MostLinesOfAMethod).Select(method => $"{method.Method}: {method.Lines}"));
        Assert.InRange(methods.Select(method => method.Lines).Order().ElementAt(methods.Count / 2), 1, 10);
    }

    // An address or a document that a test hands over is read best in one piece.
    private static bool IsDataOfATest(string file, string line) =>
        !file.StartsWith("src/", StringComparison.Ordinal) && line.TrimStart().TrimStart('$', '@') is ['"', ..];

    // With all that was found: a collection's assertion would show the first five.
    private static void None(IEnumerable<string> found)
    {
        var list = string.Join('\n', found);
        Assert.True(list.Length == 0, $"There should be none of these:\n{list}");
    }

    private static bool IsPart(string folder, string of) => folder.StartsWith($"{of}/", StringComparison.Ordinal);

    private static IEnumerable<string> Sources() => new[] { "src", "tests", "bench" }.SelectMany(folder => Checkout.Files(folder, "*.cs"));

    private static string? NamespaceOf(string file) =>
        Checkout
            .Read(file)
            .Split('\n')
            .FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
            ?["namespace ".Length..].TrimEnd(';');

    private static string FolderOf(string file) => Path.GetDirectoryName(file)!["src/".Length..].Replace('/', '.');

    private static IEnumerable<string> References(string project) =>
        XDocument.Parse(Checkout.Read(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
}
