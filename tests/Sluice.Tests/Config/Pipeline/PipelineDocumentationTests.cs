using System.Text.RegularExpressions;
using Sluice.Destinations;
using Sluice.Settings;
using Sluice.Settings.Pipelines;
using Sluice.Tests.Repository;
using Xunit;

namespace Sluice.Tests.Config.Pipeline;

/// <summary>The page on pipelines: its files are good, and its tables of keys are those that the reader goes by.</summary>
public sealed partial class PipelineDocumentationTests
{
    private const string Page = "docs/pipelines.md";

    private static readonly Dictionary<string, IReadOnlyList<Setting>> Sections = new(StringComparer.Ordinal)
    {
        ["workspace"] = WorkspaceSettings.All,
        ["destination"] = PipelineKeys.Destination,
        ["sync"] = PipelineKeys.Sync,
        ["schedule"] = ScheduleKeys.All,
        ["table"] = PipelineKeys.Table,
        ["column"] = PipelineKeys.Column,
        ["push"] = PushKeys.All,
        ["twoway"] = PipelineKeys.TwoWay,
        ["channel"] = NotificationKeys.All,
    };

    public static TheoryData<string> Files => [.. YamlBlocks().Matches(Checkout.Read(Page)).Select(block => Whole(block.Groups[1].Value))];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_on_the_page_is_good(string yaml)
    {
        // Each variable has a value, and no two have the same.
        var file = new PipelineReader(new PipelineContext
        {
            Variables = name => $"{(name.EndsWith("_URL", StringComparison.Ordinal) ? "https://" : "")}value-of-{name}",
            DestinationIdentity = DestinationRegistry.Identity,
            WithPartitions = DestinationRegistry.WithPartitions,
        }).Read(Page, yaml);

        Assert.Equal("", PipelineBench.Words(file));
        Assert.Empty(file.Warnings);
        Assert.NotEmpty(file.Syncs);
    }

    [Fact]
    public void The_tables_of_keys_are_those_of_the_reader()
    {
        var page = KeyTables()
            .Replace(Checkout.Read(Page), table => $"<!-- keys: {table.Groups[1].Value} -->\n{Table(Sections[table.Groups[1].Value])}<!-- end -->");

        Assert.Equal(Sections.Keys, KeyTables().Matches(page).Select(table => table.Groups[1].Value));
        Snapshot.Matches(Page, page);
    }

    [Fact]
    public void Every_key_is_used_in_a_file_on_the_page()
    {
        var files = string.Concat(Files.Select(file => file.Data));

        Assert.All(
            Sections.Values.SelectMany(keys => keys).Select(key => key.Name),
            name => Assert.Matches($@"\b{name}: ", files.Replace(":\n", ": \n", StringComparison.Ordinal)));
    }

    private static string Table(IReadOnlyList<Setting> keys) =>
        "| key | takes | meaning |\n| --- | --- | --- |\n" + string.Concat(keys.Select(Row));

    private static string Row(Setting key) =>
        $"| `{key.Name}` | {key.Shape.Wanted}{(key.IsRequired ? ", needed" : "")} | {key.Doc} `{key.Example}` |\n";

    // What a block leaves out is usual: the page shows only what it speaks about.
    private static string Whole(string yaml) =>
        string.Concat(
            new[]
            {
                "version: 1\n",
                "workspaces: {main: {app_api_key: \"${KEY}\"}}\n",
                "destinations: {w: \"duckdb:///crm.duckdb\"}\n",
                "syncs: {a: {tables: campaigns}}\n",
            }.Where(line => !Regex.IsMatch(yaml, $"^{line.Split(':')[0]}:", RegexOptions.Multiline | RegexOptions.NonBacktracking))
        ) + yaml;

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex YamlBlocks();

    [GeneratedRegex("<!-- keys: ([a-z]+) -->\n(.*?)<!-- end -->", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex KeyTables();
}
