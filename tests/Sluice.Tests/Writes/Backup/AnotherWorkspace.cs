using Sluice.Writes.Backup;
using Xunit;

namespace Sluice.Tests.Writes.Backup;

/// <summary>Makes a backup look like one of another workspace.</summary>
internal static class AnotherWorkspace
{
    public static async Task MakeAsync(string folder)
    {
        var path = Path.Combine(folder, BackupIndex.FileName);
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var other = text.Replace("\"id\": \"130001\"", "\"id\": \"7\"", StringComparison.Ordinal)
            .Replace("\"name\": \"Workspace 1\"", "\"name\": \"Elsewhere\"", StringComparison.Ordinal);
        Assert.NotEqual(text, other);
        await File.WriteAllTextAsync(path, other, TestContext.Current.CancellationToken);
    }
}
