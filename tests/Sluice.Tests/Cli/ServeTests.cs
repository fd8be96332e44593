using Sluice.Server.Auth;
using Sluice.Tests.DuckDb;
using Xunit;

namespace Sluice.Tests.Cli;

public sealed class ServeTests
{
    [Fact]
    public async Task Users_are_added_listed_changed_and_removed()
    {
        using var folder = new TemporaryFolder();
        var tool = Tool(folder, "a long password\n");

        var add = await tool.RunAsync("serve", "user", "add", "Ada", "--role", "admin");
        var again = await tool.RunAsync("serve", "user", "add", "ada");
        var role = await tool.RunAsync("serve", "user", "role", "ada", "operator");
        var list = await tool.RunAsync("serve", "user", "list");
        var remove = await tool.RunAsync("serve", "user", "remove", "ada");
        var gone = await tool.RunAsync("serve", "user", "remove", "ada");

        Assert.Equal((0, "Ada may log in as admin.\n", ""), add);
        Assert.Equal(2, again.Code);
        Assert.Equal((0, "ada is operator now and has to log in again.\n", ""), role);
        Assert.Contains("ada   operator  yes ", list.Out, StringComparison.Ordinal);
        Assert.Equal((0, "ada may not log in any more.\n", ""), remove);
        Assert.Equal(2, gone.Code);
    }

    [Fact]
    public async Task A_password_is_typed_twice_and_not_shown()
    {
        using var folder = new TemporaryFolder();
        var typed = new TypedTerminal("a wrö⌫ong password⏎a wrong password⏎");

        var run = await new ToolHarness { Folder = folder.FullPath, Terminal = typed.Terminal }.RunAsync("serve", "user", "add", "ada");

        Assert.Equal((0, "ada may log in as reader.\n", ""), run);
        Assert.Equal("Password:\nPassword again:", string.Join('\n', typed.Seen.Split('\n').Select(line => line.TrimEnd())));
        await using var administration = await OpenAsync(folder);
        Assert.NotNull(await administration.Users.LogInAsync("ada", "a wrong password", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("one password⏎another password⏎", "The two are not the same.")]
    [InlineData("⏎", "none was given")]
    [InlineData("", "none was given")]
    public async Task Without_a_password_typed_twice_alike_nothing_is_changed(string keys, string words)
    {
        using var folder = new TemporaryFolder();

        var run = await new ToolHarness { Folder = folder.FullPath, Terminal = new TypedTerminal(keys).Terminal }
            .RunAsync("serve", "user", "add", "ada");

        Assert.Equal(2, run.Code);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        await using var administration = await OpenAsync(folder);
        Assert.Empty(await administration.Users.ListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_token_stands_alone_on_stdout()
    {
        using var folder = new TemporaryFolder();
        var tool = Tool(folder, "");

        var create = await tool.RunAsync("serve", "token", "create", "airflow", "--scope", "run,query", "--expires", "12h");
        var list = await tool.RunAsync("serve", "token", "list", "--json");
        var revoke = await tool.RunAsync("serve", "token", "revoke", "airflow");

        Assert.Equal(0, create.Code);
        Assert.Matches("^sluice_[0-9a-f]{64}\n$", create.Out);
        Assert.Contains("\"run\"", list.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(create.Out.Trim(), list.Out, StringComparison.Ordinal);
        Assert.Equal((0, "The token airflow is good for nothing any more.\n", ""), revoke);
    }

    [Fact]
    public async Task Secrets_are_listed_by_name_alone()
    {
        using var folder = new TemporaryFolder();

        var set = await Tool(folder, "canaryvalue\nmore\n").RunAsync("serve", "secret", "set", "MY_KEY");
        var list = await Tool(folder, "").RunAsync("serve", "secret", "list");

        Assert.Equal((0, "MY_KEY is set.\n", ""), set);
        Assert.Contains("MY_KEY", list.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", list.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--behind-proxy", "10.0.0.0/99")]
    [InlineData("--public-url", "sluice.example.com")]
    [InlineData("--listen", "http://0.0.0.0:4780")]
    public async Task A_server_that_would_stand_open_does_not_start(string option, string value)
    {
        using var folder = new TemporaryFolder();

        var run = await Tool(folder, "").RunAsync("serve", option, value);

        Assert.Equal(2, run.Code);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
    }

    private static ToolHarness Tool(TemporaryFolder folder, string input) => new() { Folder = folder.FullPath, Input = input };

    private static Task<ServerAdministration> OpenAsync(TemporaryFolder folder) => ServerAdministration.OpenAsync(
        Path.Combine(folder.FullPath, ".sluice"), null, _ => null, TimeProvider.System, TestContext.Current.CancellationToken);
}
