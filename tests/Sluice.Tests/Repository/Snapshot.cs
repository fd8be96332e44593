using Xunit;

namespace Sluice.Tests.Repository;

/// <summary>Texts that must not change unnoticed, kept as files beside the tests.</summary>
internal static class Snapshot
{
    /// <summary>Compares with the file; SLUICE_ACCEPT=1 writes the file instead, to be looked at before it is committed.</summary>
    public static void Matches(string path, string text)
    {
        var file = Path.Combine(Checkout.Root, path);
        var actual = text.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("SLUICE_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }

        Assert.True(File.Exists(file), $"{path} is missing: run the tests with SLUICE_ACCEPT=1 and look at what they write.");
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), actual);
    }
}
