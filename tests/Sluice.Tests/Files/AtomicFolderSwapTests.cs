using Sluice.Destinations.Files.Local;
using Xunit;

namespace Sluice.Tests.Files;

public sealed class AtomicFolderSwapTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sluice-swap-").FullName;

    private string Place => Path.Combine(_root, "table");

    private string Aside => Path.Combine(_root, "aside", "table");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_new_version_takes_the_place_and_nothing_is_left_of_the_old_one(bool canExchange)
    {
        var swap = new AtomicFolderSwap(Place, Aside, canExchange);
        for (var version = 1; version <= 3; version++)
        {
            Make(swap.New, $"v{version}");
            swap.Commit();
            Assert.Equal([$"v{version}"], Names(Place));
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Aside)!));
        }
    }

    [Fact]
    public void A_crash_before_the_switch_leaves_the_old_version_and_takes_the_new_one_away()
    {
        Make(Place, "old");
        var swap = new AtomicFolderSwap(Place, Aside);
        Make(swap.New, "new");
        swap.Recover(_ => true);
        Assert.Equal(["old"], Names(Place));
        Assert.False(Directory.Exists(swap.New));
    }

    [Theory]
    [InlineData(true, "new")]
    [InlineData(false, "old")]
    public void A_crash_between_two_renames_is_ended_with_the_new_version_if_it_is_whole(bool isWhole, string expected)
    {
        var swap = new AtomicFolderSwap(Place, Aside, canExchange: false);
        Make(Aside + AtomicFolderSwap.OldEnding, "old");
        Make(swap.New, "new");
        swap.Recover(_ => isWhole);
        Assert.Equal([expected], Names(Place));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Aside)!));
    }

    [Fact]
    public void A_crash_between_two_renames_is_ended_with_the_old_version_when_there_is_no_new_one()
    {
        Make(Aside + AtomicFolderSwap.OldEnding, "old");
        new AtomicFolderSwap(Place, Aside).Recover(_ => true);
        Assert.Equal(["old"], Names(Place));
    }

    private static void Make(string folder, string file) => File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder).FullName, file), "");

    private static IEnumerable<string> Names(string folder) => Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file));
}
