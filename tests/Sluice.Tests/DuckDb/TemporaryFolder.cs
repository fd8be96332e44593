namespace Sluice.Tests.DuckDb;

internal sealed class TemporaryFolder : IDisposable
{
    internal string FullPath { get; } = Directory.CreateTempSubdirectory("sluice-duckdb-").FullName;

    internal string File(string name) => Path.Combine(FullPath, name);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}

internal static class NamedPipe
{
    /// <summary>Makes one that nobody writes to: whoever opens it to read waits.</summary>
    internal static async Task<string> MakeAsync(string path)
    {
        using var made = System.Diagnostics.Process.Start("mkfifo", [path]);
        await made.WaitForExitAsync(Xunit.TestContext.Current.CancellationToken);
        return path;
    }
}
