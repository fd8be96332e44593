using Sluice.DuckDb;
using Sluice.DuckDb.Native;
using Xunit;

namespace Sluice.Tests.DuckDb;

public sealed class NativeLibraryLoaderTests
{
    [Fact]
    public void The_build_puts_the_library_beside_the_assemblies()
    {
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, NativeLibraryLoader.FileName)));
        Assert.Equal("v1.5.6", DuckDBConnection.LibraryVersion);
    }

    [Fact]
    public void A_missing_library_is_told_with_the_paths_looked_at_and_the_remedy()
    {
        var error = Assert.Throws<DllNotFoundException>(() => NativeLibraryLoader.Load(["/nowhere/libduckdb.so", "/else/libduckdb.so"]));

        Assert.Contains("/nowhere/libduckdb.so, /else/libduckdb.so", error.Message, StringComparison.Ordinal);
        Assert.Contains("npm ci --omit=dev", error.Message, StringComparison.Ordinal);
        Assert.Contains("SLUICE_LIBDUCKDB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_from_the_environment_is_the_only_one() =>
        Assert.Equal(["/opt/mine.so"], NativeLibraryLoader.CandidatePaths("/opt/mine.so"));
}
