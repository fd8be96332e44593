using Sluice.Engine.Catalog;
using Xunit;

namespace Sluice.Tests.Catalog;

public sealed class ResourceCatalogTests
{
    [Fact]
    public void Values_that_a_file_leaves_out_are_the_defaults()
    {
        var newsletters = ResourceCatalog.Default.Find("newsletters")!;
        Assert.Equal("GET", newsletters.Method);
        Assert.Empty(newsletters.Query);
        Assert.Empty(newsletters.Variants);
        Assert.Equal("id", newsletters.Columns[0].Source);
        Assert.Equal(Strategy.Merge, newsletters.DefaultStrategy);
    }
}
