using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Data;
using Sluice.Tests.Repository;
using Sluice.Tests.Writes;
using Xunit;

namespace Sluice.Tests.Data;

public sealed partial class AdoNetDocumentationTests(DataWorld world) : IClassFixture<DataWorld>
{
    private static readonly string Page = Checkout.Read("docs/ado-net.md");

    [Fact]
    public void The_examples_stand_in_the_documentation_as_they_run_here()
    {
        var source = Plain(Checkout.Read("tests/Sluice.Tests/Data/DocumentedExample.cs"));
        var blocks = Blocks().Matches(Page).Select(block => Plain(block.Groups[1].Value)).ToList();

        Assert.Equal(3, blocks.Count);
        Assert.All(blocks, block => Assert.Contains(block, source, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_examples_do_what_is_written()
    {
        var output = new StringWriter(CultureInfo.InvariantCulture);

        await DocumentedExample.RunAsync(world.ConnectionString, output);
        await DocumentedExample.RunDapperAsync(world.ConnectionString, output);

        Assert.Matches(@"^1 requests, 0\.0 minutes\n(\d+ .+ \d{4}-\d\d-\d\d\n)+.+: 2\n.+: 2\n$", output.ToString());
    }

    [Fact]
    public async Task The_example_of_changes_does_what_is_written()
    {
        await using var bench = await StatementBench.StartAsync();
        var output = new StringWriter(CultureInfo.InvariantCulture);

        await DocumentedExample.ChangeAsync(bench.ConnectionString, output);

        Assert.Matches(
            @"^value: .+ → 1 New Street\n1 row changed\n(.+: .*\n)*delivery \S+, queued at \d\d:\d\d\n(.+: .*\n)*$",
            output.ToString().ReplaceLineEndings("\n"));
        Assert.Null(bench.World.People.FindById("1"));
    }

    [Fact]
    public void Every_key_of_a_connection_string_is_described() =>
        Assert.All(ConnectionKey.All, key => Assert.Contains($"`{key.Name}`", Page, StringComparison.Ordinal));

    // Without the indentation, which differs.
    private static string Plain(string text) => string.Join('\n', text.Split('\n')
        .Select(line => line.Trim())
        .Where(line => line.Length > 0 && !line.StartsWith("using ", StringComparison.Ordinal)));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Blocks();
}
