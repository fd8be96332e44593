using Sluice.Sql;
using Xunit;

namespace Sluice.Tests.Sql;

public sealed class QueryFolderTests
{
    [Fact]
    public void A_folder_that_is_kept_for_days_is_not_taken_for_one_that_was_left_behind()
    {
        using var open = new QueryFolder();
        using var left = new QueryFolder();
        foreach (var folder in new[] { open, left })
        {
            Directory.SetLastWriteTimeUtc(folder.Path, DateTime.UnixEpoch);
        }

        open.Keep();
        using var next = new QueryFolder();
        Assert.True(Directory.Exists(open.Path));
        Assert.False(Directory.Exists(left.Path));

        Directory.Delete(open.Path);
        open.Keep();
        Assert.True(Directory.Exists(open.Path));
    }
}
