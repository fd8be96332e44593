using System.Text.RegularExpressions;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Sluice.Tests.Repository;

/// <summary>What GitHub reads of the repository: nobody else would notice that it can't.</summary>
public sealed partial class GitHubFilesTests
{
    public static TheoryData<string> Workflows() => [.. Checkout.Files(".github/workflows", "*.yml")];

    public static TheoryData<string> Forms() =>
        [.. Checkout.Files(".github/ISSUE_TEMPLATE", "*.yml").Where(file => !file.EndsWith("/config.yml", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_workflow_says_when_it_runs_with_what_rights_on_what_and_every_step_does_something(string file)
    {
        var workflow = Read(file);
        Assert.NotEmpty(Child(workflow, "on").AllNodes);
        Assert.Equal("read", Text(Child(workflow, "permissions"), "contents"));
        foreach (var job in Jobs(workflow))
        {
            Assert.NotEmpty(Text(job, "runs-on"));
            Assert.NotEmpty(Text(job, "timeout-minutes"));
            Assert.All(Steps(job), step => Assert.True(Has(step, "uses") ^ Has(step, "run"), step.ToString()));
        }
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Actions_have_a_version_and_scripts_are_there(string file)
    {
        foreach (var step in Jobs(Read(file)).SelectMany(Steps))
        {
            if (Has(step, "uses"))
            {
                Assert.Matches("^[a-z-]+/[a-z-]+(/[a-z-]+)?@v[0-9]+$", Text(step, "uses"));
            }
            else
            {
                Assert.All(Scripts().Matches(Text(step, "run")), script => Assert.True(
                    File.Exists(Path.Combine(Checkout.Root, script.Groups[1].Value)), $"{file} runs {script.Groups[1].Value}, which is not there."));
            }
        }
    }

    [Fact]
    public void A_release_is_tested_attested_and_made_by_the_script()
    {
        var steps = Jobs(Read(".github/workflows/release.yml")).SelectMany(Steps).ToList();
        string Does(YamlMappingNode step) => Text(step, Has(step, "run") ? "run" : "uses");
        int PlaceOf(string words) => steps.FindIndex(step => Does(step).Contains(words, StringComparison.Ordinal));

        int[] places = [PlaceOf("./test --all"), PlaceOf("build/release"), PlaceOf("attest-build-provenance"), PlaceOf("gh release create")];

        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_form_for_issues_has_what_GitHub_asks_of_it(string file)
    {
        var form = Read(file);
        Assert.NotEmpty(Text(form, "name"));
        Assert.NotEmpty(Text(form, "description"));
        var fields = ((YamlSequenceNode)Child(form, "body")).Cast<YamlMappingNode>().ToList();
        Assert.All(fields, field => Assert.Contains(Text(field, "type"), (string[])["markdown", "input", "textarea", "dropdown", "checkboxes"]));
        var ids = fields.Where(field => Has(field, "id")).Select(field => Text(field, "id")).ToList();
        Assert.Equal(fields.Count(field => Text(field, "type") != "markdown"), ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(fields.Where(field => Has(field, "id")), field => Assert.NotEmpty(Text((YamlMappingNode)Child(field, "attributes"), "label")));
    }

    [Fact]
    public void Dependabot_looks_at_every_kind_of_package_that_is_there()
    {
        var updates = ((YamlSequenceNode)Child(Read(".github/dependabot.yml"), "updates")).Cast<YamlMappingNode>().ToList();

        Assert.Equal(["nuget", "npm", "github-actions", "docker"], updates.Select(update => Text(update, "package-ecosystem")));
        Assert.All(updates, update => Assert.True(Directory.Exists(Path.Combine(Checkout.Root, Text(update, "directory").TrimStart('/')))));
    }

    [Fact]
    public void There_is_no_telemetry_and_that_is_said_where_people_look()
    {
        Assert.Contains("telemetry", Checkout.Read("README.md"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("## No telemetry", Checkout.Read("SECURITY.md"), StringComparison.Ordinal);
        Assert.Contains("contributor-covenant.org", Checkout.Read("CODE_OF_CONDUCT.md"), StringComparison.Ordinal);
    }

    private static YamlMappingNode Read(string file)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Checkout.Read(file)));
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    private static IEnumerable<YamlMappingNode> Jobs(YamlMappingNode workflow) =>
        ((YamlMappingNode)Child(workflow, "jobs")).Children.Values.Cast<YamlMappingNode>();

    private static IEnumerable<YamlMappingNode> Steps(YamlMappingNode job) => ((YamlSequenceNode)Child(job, "steps")).Cast<YamlMappingNode>();

    private static bool Has(YamlMappingNode node, string name) => node.Children.ContainsKey(new YamlScalarNode(name));

    private static YamlNode Child(YamlNode node, string name) => ((YamlMappingNode)node).Children[new YamlScalarNode(name)];

    private static string Text(YamlNode node, string name) => ((YamlScalarNode)Child(node, name)).Value!;

    [GeneratedRegex(@"(?:^|\s)(?:\./)?(test|build/[a-z-]+)(?:\s|$)", RegexOptions.NonBacktracking)]
    private static partial Regex Scripts();
}
