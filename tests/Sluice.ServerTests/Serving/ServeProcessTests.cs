using System.Globalization;
using System.Net;
using Sluice.ServerTests.Cli;
using Sluice.ServerTests.Servers;
using Sluice.Tests.Server;
using Xunit;

namespace Sluice.ServerTests.Serving;

/// <summary>The server as a process, as somebody starts it.</summary>
public sealed class ServeProcessTests
{
    [Fact]
    public async Task It_listens_on_this_machine_alone_prints_a_link_and_logs_neither_tokens_nor_queries()
    {
        using var tool = new Tool();
        using var process = tool.Start("serve", "--listen", "http://127.0.0.1:0", "--debug");
        var address = new Uri((await process.StandardOutput.ReadLineAsync(Tool.Cancel))!["Listening on ".Length..]);
        var link = new Uri((await process.StandardOutput.ReadLineAsync(Tool.Cancel))!.Split(' ')[^1]);
        var token = link.Fragment["#token=".Length..];
        using var visitor = new ServerVisitor(address);

        // Another link, from the same folder: where the server is need not be said again.
        var other = new Uri((await tool.RunAsync("serve", "link")).Ended(0).Out.Trim().Split(' ')[^1]);
        using var second = new ServerVisitor(address);
        using var again = await second.PostFormAsync("/login/link", ("token", other.Fragment["#token=".Length..]));

        var bound = Bound(address.Port);
        using var login = await visitor.PostFormAsync("/login/link", ("token", token));
        using var hostile = await visitor.GetAsync("/api/%0d%0aerror:%20forged%1b[31m?key=canaryquery");
        (await LocalProgram.RunAsync("sh", ["-c", $"kill -TERM {process.Id}"])).Ended(0);
        var end = await Tool.EndAsync(process);

        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.NotFound, 0), (login.StatusCode, hostile.StatusCode, end.Code));
        Assert.Equal((address.Authority, HttpStatusCode.SeeOther), (other.Authority, again.StatusCode));
        Assert.False(File.Exists(tool.PathOf(".sluice/serve.address")));
        Assert.All(bound, place => Assert.Equal("0100007F", place));
        Assert.DoesNotContain(token, end.Error + end.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", end.Error + end.Out, StringComparison.Ordinal);
        Assert.Contains("GET /api/\\x0d\\x0aerror: forged\\x1b[31m", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\nerror: forged", end.Error, StringComparison.Ordinal);
    }

    // The addresses at which this machine listens on a port, in hexadecimal as Linux tells them.
    private static IReadOnlyList<string> Bound(int port)
    {
        const string Listening = "0A";
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells in /proc where a port is open.");
        var mine = port.ToString("X4", CultureInfo.InvariantCulture);
        var places = File.ReadAllLines("/proc/net/tcp").Concat(File.ReadAllLines("/proc/net/tcp6"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words[3] == Listening && words[1].EndsWith($":{mine}", StringComparison.Ordinal))
            .Select(words => words[1].Split(':')[0])
            .ToList();
        Assert.NotEmpty(places);
        return places;
    }
}
