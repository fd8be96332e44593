using System.ComponentModel;
using System.Diagnostics;
using Sluice.DuckDb;
using Xunit;

namespace Sluice.Tests.DuckDb;

public sealed class DuckDBLockTests
{
    // Another process, because a lock of this one is no conflict: Node with the package that libduckdb comes from.
    private const string HoldFile = """
        const duckdb = require(process.argv[1]);
        duckdb.open(process.argv[2]).then(db => duckdb.connect(db)).then(() => {
          console.log("locked");
          process.stdin.resume();
          process.stdin.on("end", () => process.exit(0));
        });
        """;

    [Fact]
    public async Task A_file_held_by_another_process_is_a_transient_error_that_names_the_holder()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.duckdb");
        using var holder = StartHolder(path);
        Assert.Equal("locked", await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        var error = Assert.Throws<DuckDBException>(() => Database.File(path));

        holder.StandardInput.Close();
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(DuckDBErrorType.IO, error.ErrorType);
        Assert.Equal(holder.Id, error.LockHolderPid);
        Assert.Contains("node", error.LockHolder, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
        using var now = Database.File(path);
        Assert.Equal(1, now.Scalar("SELECT 1"));
    }

    [Theory]
    [InlineData("IO Error: Could not set lock on file \"/a\": Conflicting lock is held in /usr/bin/my (tool) (PID 12) by user x. See", "/usr/bin/my (tool)", 12)]
    [InlineData("IO Error: Could not set lock on file \"/a\": Conflicting lock is held in PID 12. See also https", null, 12)]
    [InlineData("IO Error: Cannot open file \"a\": in use.\nFile is already open in \nC:\\a b.exe (PID 9)", "C:\\a b.exe", 9)]
    [InlineData("IO Error: Could not set lock on file \"/a\": Resource temporarily unavailable", null, null)]
    public void The_holder_is_read_out_of_the_message(string message, string? holder, int? pid)
    {
        var error = new DuckDBException(message);

        Assert.Equal((holder, pid, DuckDBErrorType.IO), (error.LockHolder, error.LockHolderPid, error.ErrorType));
    }

    private static Process StartHolder(string path)
    {
        var binding = FindBinding();
        Assert.SkipWhen(binding is null, "The npm package is not there.");
        var start = new ProcessStartInfo("node", ["-e", HoldFile, binding!, path]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("Node is not there.");
            throw;
        }
    }

    private static string? FindBinding()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var packages = Path.Combine(folder.FullName, "node_modules", "@duckdb");
            if (Directory.Exists(packages))
                return Directory.EnumerateFiles(packages, "duckdb.node", SearchOption.AllDirectories).FirstOrDefault();
        }
        return null;
    }
}
