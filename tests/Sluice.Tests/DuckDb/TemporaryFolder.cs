namespace Sluice.Tests.DuckDb;

internal sealed class TemporaryFolder : IDisposable
{
    internal string FullPath { get; } = Directory.CreateTempSubdirectory("sluice-duckdb-").FullName;

    internal string File(string name) => Path.Combine(FullPath, name);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
