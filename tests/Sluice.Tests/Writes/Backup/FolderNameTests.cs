using System.Text;
using Sluice.Writes.Backup;
using Xunit;

namespace Sluice.Tests.Writes.Backup;

/// <summary>Folders that every file system takes and tells apart.</summary>
public sealed class FolderNameTests
{
    [Theory]
    [InlineData("address", "address")]
    [InlineData("order_2-b", "order_2-b")]
    public void A_plain_name_is_the_folder(string name, string folder) => Assert.Equal(folder, FolderName.Of(name, 1));

    [Theory]
    [InlineData("Address")]
    [InlineData("../x")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a/b\\c:d*e?f\"g<h>i|j")]
    [InlineData("con")]
    [InlineData("lpt1")]
    [InlineData("dot.")]
    [InlineData(" space ")]
    [InlineData("new\nline")]
    [InlineData("\ud800half")]
    [InlineData("ünï 🎉")]
    [InlineData("sluice~1")]
    public void Any_other_name_becomes_one_that_is_safe(string name)
    {
        var folder = FolderName.Of(name, 1);

        Assert.Matches("^[\\p{L}\\p{N}_-]*~[0-9a-f]{8}$", folder);
        Assert.Equal(folder.ToLowerInvariant(), folder);
        Assert.Equal(folder, FolderName.Of(name, 1));
    }

    [Fact]
    public void A_long_name_is_cut()
    {
        Assert.True(FolderName.Of(new string('x', 5000), 1).Length <= 60);
        Assert.True(FolderName.Of(7, new string('ß', 5000), new string('x', 5000)).Length <= 60);
    }

    [Fact]
    public void Names_that_a_file_system_takes_for_one_get_folders_of_their_own()
    {
        string[] names = ["a b", "a-b", "A-b", "a_b", "A B", "a.b", "a/b", "straße", "strasse", "e\u0301", "\u00e9", "STRASSE", "a-b~", "a-b~1"];

        var folders = names.Select(name => FolderName.Of(name, 1)).Append(FolderName.Of("a-b", 2)).ToList();

        var asSeen = folders.Select(one => one.Normalize(NormalizationForm.FormKD)).Distinct(StringComparer.InvariantCultureIgnoreCase);
        Assert.Equal(folders.Count, asSeen.Count());
    }

    [Fact]
    public void A_number_is_told_with_words()
    {
        Assert.Equal("12-summer-sale-en", FolderName.Of(12, "Summer  Sale!", "en"));
        Assert.Equal("12", FolderName.Of(12, "../", null, ""));
    }
}
