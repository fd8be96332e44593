using System.Text;
using System.Text.RegularExpressions;
using Sluice.Destinations.Warehouses;
using Sluice.Tests.Cli;
using Sluice.Tests.Repository;
using Xunit;

namespace Sluice.Tests.Ddl;

public sealed partial class WarehouseDocumentationTests
{
    private const string Page = "docs/warehouses.md";

    [Fact]
    public async Task The_statements_on_the_page_are_those_that_are_printed()
    {
        var page = Checkout.Read(Page);
        var text = new StringBuilder();
        var place = 0;
        foreach (Match shown in Shown().Matches(page))
        {
            var run = await new ToolHarness().RunAsync([.. shown.Groups["command"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)]);
            Assert.Equal((0, ""), (run.Code, run.Error));
            var sql = shown.Groups["sql"];
            text.Append(page[place..sql.Index]).Append(run.Out);
            place = sql.Index + sql.Length;
        }

        Snapshot.Matches(Page, text.Append(page[place..]).ToString());
    }

    [Fact]
    public void The_page_shows_every_dialect() =>
        Assert.Equal(
            WarehouseDialects.Names.Order(StringComparer.Ordinal),
            Shown()
                .Matches(Checkout.Read(Page))
                .Select(shown => Dialect().Match(shown.Groups["command"].Value).Groups[1].Value)
                .Order(StringComparer.Ordinal));

    [GeneratedRegex("```bash\n(?<command>sluice ddl [^\n]*)\n```\n\n```sql\n(?<sql>.*?)```", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Shown();

    [GeneratedRegex("--dialect ([a-z]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Dialect();
}
