using Sluice.Benchmarks.Kill;
using Sluice.ServerTests.Cli;
using Sluice.ServerTests.Servers;
using Xunit;

namespace Sluice.ServerTests.Documentation;

/// <summary>The site of docs/, built once into a folder of its own.</summary>
public sealed class BuiltSite : IAsyncLifetime
{
    private readonly string _place = Directory.CreateTempSubdirectory("sluice-site-").FullName;

    /// <summary>Why there is none, or null.</summary>
    public static string? Missing { get; } = NodeServer.Missing("The site's generator", "vitepress/bin/vitepress.js");

    /// <summary>What the generator said.</summary>
    internal ToolResult? Build { get; private set; }

    /// <summary>The folder of pages.</summary>
    public string Folder => Path.Combine(_place, "site");

    public async ValueTask InitializeAsync()
    {
        if (Missing is null)
        {
            Build = await NodeAsync(
                [Path.Combine(BuiltTool.Root, "node_modules", "vitepress", "bin", "vitepress.js"), "build", Path.Combine(BuiltTool.Root, "docs")]);
        }
    }

    /// <summary>Runs a script of Node on the site.</summary>
    internal Task<ToolResult> NodeAsync(IEnumerable<string> arguments) => LocalProgram.RunAsync(
        LocalProgram.Find("node")!,
        arguments,
        new Dictionary<string, string>
        {
            ["DOCS_OUT"] = Folder,
            ["DOCS_CACHE"] = Path.Combine(_place, "cache"),
            ["DOCS_BASE"] = "/",
            ["GITHUB_REPOSITORY"] = "OWNER/sluice",
            ["NO_COLOR"] = "1",
        });

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_place, recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>One site for all: two that are built at once would write into the same place.</summary>
[CollectionDefinition(nameof(SiteCollection))]
public sealed class SiteCollection : ICollectionFixture<BuiltSite>;
