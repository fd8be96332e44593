using System.Net;
using Sluice.Engine;
using Sluice.Server;
using Sluice.Server.Gate;
using Sluice.Tests.DuckDb;
using Xunit;

namespace Sluice.Tests.Server;

public sealed class BrowserFilesTests
{
    [Theory]
    [InlineData("duckdb:///{0}/crm.duckdb")]
    [InlineData("duckdb:///{0}/new/folder/crm.duckdb")]
    [InlineData("sqlite:///{0}/crm.db")]
    [InlineData("parquet:///{0}/lake")]
    [InlineData("duckdb:///{0}/a/../crm.duckdb")]
    [InlineData("postgresql://user@host/database")]
    public void What_lies_below_the_folder_and_what_is_no_file_is_allowed(string address)
    {
        using var folder = new TemporaryFolder();

        new BrowserFiles(Options(folder)).Check(Address(address, folder));
    }

    [Theory]
    [InlineData("duckdb:///{0}/../crm.duckdb")]
    [InlineData("duckdb:///{0}/%2e%2e/crm.duckdb")]
    [InlineData("duckdb:///{0}/a/%2e%2e%2f%2e%2e%2fcrm.duckdb")]
    [InlineData("duckdb:///{0}")]
    [InlineData("duckdb:///{0}beside/crm.duckdb")]
    [InlineData("duckdb:////etc/crm.duckdb")]
    [InlineData("sqlite:////proc/self/environ")]
    [InlineData("sqlite:///{0}/..\\crm.db")]
    [InlineData("sqlite:///{0}/crm.db%00.txt")]
    [InlineData("parquet:////")]
    [InlineData("parquet:///{0}/link/lake")]
    [InlineData("sqlite:///{0}/link")]
    [InlineData("sqlite:///{0}/dangling")]
    [InlineData("sqlite:///{0}/.sluice/serve.db")]
    [InlineData("parquet:///{0}/.sluice")]
    public void What_lies_elsewhere_is_refused(string address)
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        Directory.CreateSymbolicLink(folder.File("link"), elsewhere.FullPath);
        File.CreateSymbolicLink(folder.File("dangling"), elsewhere.File("nothing"));

        Assert.Throws<SluiceException>(() => new BrowserFiles(Options(folder)).Check(Address(address, folder)));
    }

    [Fact]
    public void A_server_that_others_reach_writes_no_files_until_a_folder_is_named()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { Files = null, BehindProxy = [IPNetwork.Parse("10.0.0.0/8")] };
        var address = Address("duckdb:///{0}/crm.duckdb", folder);

        var error = Assert.Throws<SluiceException>(() => new BrowserFiles(options).Check(address));

        Assert.Contains("--files", error.Hint, StringComparison.Ordinal);
        new BrowserFiles(options with { Files = "." }).Check(address);
        new BrowserFiles(options with { BehindProxy = [] }).Check(address);
    }

    private static string Address(string address, TemporaryFolder folder) => address.Replace("{0}", folder.FullPath, StringComparison.Ordinal);

    private static ServerOptions Options(TemporaryFolder folder) => new()
    {
        Folder = folder.FullPath,
        WorkFolder = folder.File(".sluice"),
        Files = folder.FullPath,
        Variables = _ => null,
        OpenClient = (_, _) => throw new InvalidOperationException("Nothing is asked of Customer.io."),
    };
}
