using Sluice.Tests.Cli;
using Xunit;

namespace Sluice.Tests.Repository;

public sealed class TableDocumentationTests
{
    [Fact]
    public async Task The_page_of_tables_is_what_the_catalog_says()
    {
        var run = await new ToolHarness().RunAsync("tables", "--markdown");

        Snapshot.Matches("docs/tables.md", run.Out);
    }
}
