using System.Text.RegularExpressions;
using Sluice.Destinations;
using Sluice.Settings.Pipelines;
using Sluice.Tests.Config.Pipeline;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Sluice.Tests.Repository;

/// <summary>Every file in YAML that a page shows can be read, pipelines by Sluice; the page of pipelines has tests of its own.</summary>
public sealed partial class DocumentedYamlTests
{
    public static TheoryData<string, string> Files()
    {
        var files = new TheoryData<string, string>();
        foreach (var page in Checkout.Files("docs", "*.md").Append("README.md").Where(page => page != "docs/pipelines.md"))
        {
            foreach (Match block in Blocks().Matches(Checkout.Read(page)))
            {
                files.Add(page, Unindented(block.Groups[2].Value, block.Groups[1].Length));
            }
        }

        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void It_can_be_read(string page, string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        Assert.NotEmpty(stream.Documents);
        if (!yaml.Contains("version: 1\n", StringComparison.Ordinal))
        {
            return;
        }

        var file = new PipelineReader(new PipelineContext
        {
            Variables = name => $"value-of-{name}",
            DestinationIdentity = DestinationRegistry.Identity,
            WithPartitions = DestinationRegistry.WithPartitions,
        }).Read(page, yaml);
        Assert.Equal("", PipelineBench.Words(file));
        Assert.NotEmpty(file.Syncs);
    }

    [Fact]
    public void Workflow_and_job_of_the_page_on_schedules_have_what_GitHub_and_Kubernetes_ask_of_them()
    {
        var files = Files().Where(file => file.Data.Item1 == "docs/schedule.md").Select(file => file.Data.Item2).ToList();
        var workflow = Assert.Single(files, yaml => yaml.Contains("runs-on:", StringComparison.Ordinal));
        var job = Assert.Single(files, yaml => yaml.Contains("kind: CronJob", StringComparison.Ordinal));

        Assert.All(Uses().Matches(workflow), use => Assert.Matches("^[a-z-]+/[a-z-]+@v[0-9]+$", use.Groups[1].Value));
        Assert.Equal("Never", At(job, "spec", "jobTemplate", "spec", "template", "spec", "restartPolicy"));
        Assert.Equal("Forbid", At(job, "spec", "concurrencyPolicy"));
        Assert.Equal("CronJob", At(job, "kind"));
    }

    private static string At(string yaml, params string[] path)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return $"{path.Aggregate(stream.Documents[0].RootNode, (node, name) => ((YamlMappingNode)node).Children[new YamlScalarNode(name)])}";
    }

    private static string Unindented(string text, int by) =>
        string.Concat(text.Split('\n').Select(line => (line.Length >= by ? line[by..] : line.TrimStart()) + "\n"));

    [GeneratedRegex("^( *)```yaml\n(.*?)^ *```$", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Blocks();

    [GeneratedRegex("uses: (\\S+)", RegexOptions.NonBacktracking)]
    private static partial Regex Uses();
}
