using DuckDB.NET.Data;
using Sluice.Cli.Commands;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Faults;

/// <summary>A full disk that a library meets first, at a place where nobody thought of it.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public void It_is_told_with_what_helps_whoever_meets_it()
    {
        var full = new IOException("No space left on device : '/tmp/x'", 28);
        Assert.All(
            new Exception[] { full, new AggregateException(full), new InvalidOperationException("Copying failed.", full) },
            error => Assert.True(FullDisk.IsReached(error)));
        Assert.False(FullDisk.IsReached(new IOException("Broken pipe")));

        var text = new StringWriter();
        var code = CommandRun.Tell(full, new Messages(text, json: false, debug: false, TimeProvider.System));

        Assert.Equal(ExitCode.Config, code);
        Assert.Contains("error: The disk is full: No space left on device : '/tmp/x'", text.ToString(), StringComparison.Ordinal);
        Assert.Contains(FullDisk.Hint, text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_DuckDB_file_that_finds_no_room_is_told_as_such()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full, the device that is always full.");
        await using var connection = new DuckDBConnection("Data Source=:memory:");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "COPY (SELECT range FROM range(100000)) TO '/dev/full' (FORMAT csv, USE_TMP_FILE false)";

        var error = await Assert.ThrowsAsync<DuckDBException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));

        Assert.True(FullDisk.IsReached(error), error.Message);
    }
}
