using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sluice.Benchmarks.Kill;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Cli;
using Xunit;

namespace Sluice.LongTests;

/// <summary>
/// What a release consists of, made by the script that makes it: for this system run as somebody who has nothing else, for others looked into.
/// </summary>
public sealed partial class ReleaseTests(ReleaseFiles release) : IClassFixture<ReleaseFiles>
{
    [Theory]
    [InlineData("linux-x64", "7f454c46", 18, 0x3E, "libduckdb.so")]
    [InlineData("linux-arm64", "7f454c46", 18, 0xB7, "libduckdb.so")]
    [InlineData("osx-x64", "cffaedfe", 4, 0x07, "libduckdb.dylib")]
    [InlineData("osx-arm64", "cffaedfe", 4, 0x0C, "libduckdb.dylib")]
    [InlineData("win-x64", "4d5a", -1, 0x64, "duckdb.dll")]
    public async Task An_archive_has_one_binary_of_its_system_with_the_library_in_it(
        string system, string magic, int place, byte machine, string library)
    {
        var folder = await release.UnpackAsync(system);

        var program = await File.ReadAllBytesAsync(Path.Combine(folder, system == "win-x64" ? "sluice.exe" : "sluice"), Tool.Cancel);
        Assert.StartsWith(magic, Convert.ToHexStringLower(program.AsSpan(0, 4)), StringComparison.Ordinal);
        // In a PE file the header's place stands in the file.
        Assert.Equal(machine, program[place >= 0 ? place : BinaryPrimitives.ReadInt32LittleEndian(program.AsSpan(0x3C)) + 4]);
        Assert.True(program.AsSpan().IndexOf(Encoding.UTF8.GetBytes(library)) > 0, $"{library} is not in the binary.");
        Assert.True(program.AsSpan().IndexOf("System.Private.CoreLib"u8) > 0, "The runtime is not in the binary.");
        var others = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).ToList();
        Assert.Contains("THIRD-PARTY-NOTICES.txt", others);
        Assert.Contains(Path.Combine("man", "sluice-ingest.1"), others);
        Assert.Contains(Path.Combine("completions", "sluice.bash"), others);
        Assert.DoesNotContain(others, file => Path.GetExtension(file) is ".dll" or ".so" or ".dylib" or ".pdb" or ".xml");
    }

    [Fact]
    public async Task The_binary_of_this_system_ingests_where_no_dotnet_and_no_home_is()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.Is64BitProcess, "There is a binary to run for Linux alone.");
        var program = Path.Combine(await release.UnpackAsync("linux-x64"), "sluice");
        await IngestAsync(program, withHome: true);
    }

    [Fact]
    public async Task The_Debian_package_has_its_files_in_their_places_and_runs_from_another_root()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dpkg-deb"), "There is no dpkg-deb.");
        var package = ReleaseFiles.PathOf($"sluice_{release.Version}_amd64.deb");
        var root = Directory.CreateTempSubdirectory("sluice-root-").FullName;
        try
        {
            await ReleaseFiles.RunAsync("dpkg-deb", "-x", package, root);
            string[] expected =
            [
                "usr/bin/sluice", "usr/lib/sluice/sluice", "usr/lib/sluice/libduckdb.so", "usr/share/man/man1/sluice-ingest.1.gz",
                "usr/share/bash-completion/completions/sluice", "usr/share/doc/sluice/copyright", "usr/lib/systemd/system/sluice.service",
            ];
            Assert.All(expected, file => Assert.True(File.Exists(Path.Combine(root, file)), file));
            Assert.Contains(
                "ExecStart=/usr/bin/sluice", await File.ReadAllTextAsync(Path.Combine(root, expected[^1]), Tool.Cancel), StringComparison.Ordinal);
            var listed = await ReleaseFiles.RunAsync("dpkg-deb", "-c", package);
            Assert.All(listed.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("^[dl-][rwx-]{9} root/root ", line));
            Assert.Equal($"{release.Version}\n", await ReleaseFiles.RunAsync("dpkg-deb", "-f", package, "Version"));

            await IngestAsync(Path.Combine(root, "usr/bin/sluice"), withHome: false);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task Checksums_are_those_of_the_files_and_stand_in_formula_and_manifest()
    {
        var sums = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in await File.ReadAllLinesAsync(ReleaseFiles.PathOf("SHA256SUMS"), Tool.Cancel))
        {
            var (sum, name) = (line.Split("  ")[0], line.Split("  ")[1]);
            await using var file = File.OpenRead(ReleaseFiles.PathOf(name));
            Assert.Equal(Convert.ToHexStringLower(await SHA256.HashDataAsync(file, Tool.Cancel)), sum);
            sums[name] = sum;
        }

        Assert.Equal(9, sums.Count);
        var formula = await File.ReadAllTextAsync(ReleaseFiles.PathOf("sluice.rb"), Tool.Cancel);
        Assert.Equal(4, Checksum().Count(formula));
        Assert.All(Address().Matches(formula), one => Assert.Equal(sums[one.Groups[1].Value], one.Groups[2].Value));
        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(ReleaseFiles.PathOf("sluice.json"), Tool.Cancel));
        var windows = manifest.RootElement.GetProperty("architecture").GetProperty("64bit");
        Assert.Equal(sums[windows.GetProperty("url").GetString()!.Split('/')[^1]], windows.GetProperty("hash").GetString());
        Assert.DoesNotContain("@", formula + manifest.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bill_of_materials_has_every_package_of_the_lock_file_once_with_its_licence()
    {
        using var bill = JsonDocument.Parse(await File.ReadAllTextAsync(ReleaseFiles.PathOf("sluice.spdx.json"), Tool.Cancel));
        var packages = bill.RootElement.GetProperty("packages").EnumerateArray().ToList();
        var ids = packages.ConvertAll(one => one.GetProperty("SPDXID").GetString());
        var lockFile = Path.Combine(BuiltTool.Root, "src/Sluice.Cli/packages.lock.json");
        using var locked = JsonDocument.Parse(await File.ReadAllTextAsync(lockFile, Tool.Cancel));
        var wanted = locked.RootElement.GetProperty("dependencies").GetProperty("net10.0").EnumerateObject()
            .Where(one => one.Value.GetProperty("type").GetString() != "Project" && !one.Name.Contains("Analyzer", StringComparison.Ordinal))
            .Select(one => $"{one.Name} {one.Value.GetProperty("resolved").GetString()}").ToList();

        Assert.Equal("SPDX-2.3", bill.RootElement.GetProperty("spdxVersion").GetString());
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.True(wanted.Count > 50);
        Assert.All(wanted, one => Assert.Single(packages, package => $"{package.GetProperty("name")} {package.GetProperty("versionInfo")}" == one));
        Assert.Contains(packages, package => package.GetProperty("name").GetString() == "Microsoft.NETCore.App.Runtime.linux-x64");
        Assert.All(
            bill.RootElement.GetProperty("relationships").EnumerateArray(),
            one => Assert.Contains(one.GetProperty("relatedSpdxElement").GetString(), ids));
        var notices = await File.ReadAllTextAsync(ReleaseFiles.PathOf("THIRD-PARTY-NOTICES.txt"), Tool.Cancel);
        Assert.All(wanted, one => Assert.Contains(one, notices, StringComparison.Ordinal));
    }

    private static async Task IngestAsync(string program, bool withHome)
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        tool.Environment["PATH"] = "/usr/bin:/bin";
        tool.Environment["DOTNET_ROOT"] = "/nowhere";
        tool.Environment["HOME"] = withHome ? Directory.CreateDirectory(tool.PathOf("home")).FullName : "/nowhere";
        using var version = tool.Start(program, ["--version"]);
        Assert.Matches("^sluice [0-9.]+\\+[0-9a-f]{7}\n$", (await Tool.EndAsync(version)).Ended(ExitCode.Done).Out);

        using var ingest = tool.Start(program, ["ingest", "--source-table", "customers"]);
        (await Tool.EndAsync(ingest)).Ended(ExitCode.Done);

        Assert.Equal(60, await Database.CountAsync(tool.PathOf("sluice.duckdb"), "SELECT count(*) FROM customerio.customers"));
    }

    [GeneratedRegex("sha256 \"[0-9a-f]{64}\"", RegexOptions.NonBacktracking)]
    private static partial Regex Checksum();

    [GeneratedRegex("/([^/\"]+)\"\\s+sha256 \"([0-9a-f]{64})\"", RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}

/// <summary>The files of a release, made once for all tests of them.</summary>
public sealed class ReleaseFiles : IAsyncLifetime
{
    private readonly string _unpacked = Directory.CreateTempSubdirectory("sluice-release-").FullName;

    internal string Version { get; } =
        XDocument.Load(Path.Combine(BuiltTool.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

    public async ValueTask InitializeAsync() =>
        await RunAsync("env", "RELEASE_URL=https://example.test/releases", Path.Combine(BuiltTool.Root, "build", "release"));

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_unpacked, recursive: true);
        return ValueTask.CompletedTask;
    }

    internal static string PathOf(string name) => Path.Combine(BuiltTool.Root, ".build", "release", name);

    internal async Task<string> UnpackAsync(string system)
    {
        var name = $"sluice-{Version}-{system}";
        if (system.StartsWith("win", StringComparison.Ordinal))
        {
            await ZipFile.ExtractToDirectoryAsync(PathOf(name + ".zip"), _unpacked, overwriteFiles: true, Tool.Cancel);
        }
        else
        {
            await RunAsync("tar", "-xzf", PathOf(name + ".tar.gz"), "-C", _unpacked);
        }

        return Path.Combine(_unpacked, name);
    }

    internal static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var tool = new Tool();
        using var process = tool.Start(program, arguments);
        return (await Tool.EndAsync(process)).Ended(ExitCode.Done).Out;
    }
}
